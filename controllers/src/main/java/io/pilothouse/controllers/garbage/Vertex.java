package io.pilothouse.controllers.garbage;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.pilothouse.controllers.discovery.ServedKind;
import java.util.List;

/**
 * An object in the graph of owners.
 *
 * @param namespace empty where the kind has none
 * @param deleting whether it has a deletion timestamp
 */
record Vertex(
        ServedKind kind,
        String namespace,
        String name,
        String uid,
        List<OwnerReference> owners,
        List<String> finalizers,
        boolean deleting) {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    static Vertex of(ServedKind kind, ObjectMeta metadata) {
        return new Vertex(
                kind,
                metadata.getNamespace() == null ? "" : metadata.getNamespace(),
                metadata.getName(),
                metadata.getUid(),
                List.copyOf(metadata.getOwnerReferences()),
                List.copyOf(metadata.getFinalizers()),
                metadata.getDeletionTimestamp() != null);
    }

    boolean waitsForDependents() {
        return deleting && finalizers.contains(FOREGROUND);
    }

    boolean orphansDependents() {
        return deleting && finalizers.contains(ORPHAN);
    }

    /** Whether this object keeps the owner with this uid from going in a foreground deletion. */
    boolean blocks(String uid) {
        return owners.stream()
                .anyMatch(owner -> owner.getUid().equals(uid) && Boolean.TRUE.equals(owner.getBlockOwnerDeletion()));
    }

    /** Its own path. */
    String path() {
        return kind.path(namespace) + "/" + name;
    }
}
