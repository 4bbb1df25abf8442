package io.pilothouse.controllers.workqueue;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Names one object of a kind; the namespace is empty for cluster-scoped kinds. */
public record Key(String namespace, String name) {
    /** The key of {@code object}. */
    public static Key of(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return new Key(namespace == null ? "" : namespace, object.getMetadata().getName());
    }

    /** As the caches of the client write it: {@code namespace/name}, or the name alone. */
    public String path() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    @Override
    public String toString() {
        return path();
    }
}
