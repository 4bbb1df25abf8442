package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The annotations by which the binder, the scheduler and provisioners tell each other things. */
public final class Notes {
    /** On a claim: it has been bound once; from then on it is bound or lost. */
    public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    /** The binder chose the other side, not the user. */
    static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    /** On a claim: where the scheduler will put its first consumer. */
    public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    /** On a volume: who made it. */
    static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    /** The driver that does what an in-tree plugin once did. */
    static final String MIGRATED_TO = "pv.kubernetes.io/migrated-to";
    /** On a claim: who is to make a volume. */
    static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";

    static final String OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
    static final String PRE_RESIZE_CAPACITY = "volume.alpha.kubernetes.io/pre-resize-capacity";
    static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

    private Notes() {}

    /** What one says. */
    public static Optional<String> get(HasMetadata object, String note) {
        return Optional.ofNullable(all(object).get(note));
    }

    /** Whether there is one. */
    public static boolean has(HasMetadata object, String note) {
        return all(object).containsKey(note);
    }

    private static Map<String, String> all(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }

    /** Sets one on an object that is nobody else's. */
    public static void put(HasMetadata object, String note, String value) {
        var notes = new LinkedHashMap<>(all(object));
        notes.put(note, value);
        object.getMetadata().setAnnotations(notes);
    }

    static void remove(HasMetadata object, String note) {
        var notes = new LinkedHashMap<>(all(object));
        notes.remove(note);
        object.getMetadata().setAnnotations(notes);
    }
}
