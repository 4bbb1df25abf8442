package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The writes that bindings are made of. Each writes only what differs, and returns the object as it is then. */
final class Writer {
    private static final String YES = "yes";
    private static final String STORAGE = "storage";

    private final ControllerContext context;
    private final Latest<PersistentVolume> volumes;
    private final Latest<PersistentVolumeClaim> claims;

    Writer(ControllerContext context, Latest<PersistentVolume> volumes, Latest<PersistentVolumeClaim> claims) {
        this.context = context;
        this.volumes = volumes;
        this.claims = claims;
    }

    <T extends HasMetadata> T copy(T object) {
        return context.client().getKubernetesSerialization().clone(object);
    }

    PersistentVolumeClaim update(PersistentVolumeClaim claim) {
        var written = context.client().resource(claim).update();
        claims.put(written);
        return written;
    }

    PersistentVolume update(PersistentVolume volume) {
        var written = context.client().resource(volume).update();
        volumes.put(written);
        return written;
    }

    /** Binds both to each other: the volume first, so that no two claims get it. */
    void bind(PersistentVolume volume, PersistentVolumeClaim claim) {
        var bound = phase(bindVolume(volume, claim), "Bound");
        status(bindClaim(claim, bound), "Bound", bound);
    }

    private PersistentVolume bindVolume(PersistentVolume volume, PersistentVolumeClaim claim) {
        var copy = copy(volume);
        return VolumeMatch.reserve(copy, claim) ? update(copy) : volume;
    }

    private PersistentVolumeClaim bindClaim(PersistentVolumeClaim claim, PersistentVolume volume) {
        var copy = copy(claim);
        String name = volume.getMetadata().getName();
        boolean named = name.equals(claim.getSpec().getVolumeName());
        if (!named) {
            copy.getSpec().setVolumeName(name);
            if (!Notes.has(claim, Notes.BOUND_BY_CONTROLLER)) {
                Notes.put(copy, Notes.BOUND_BY_CONTROLLER, YES);
            }
        }
        boolean completed = Notes.has(claim, Notes.BIND_COMPLETED);
        if (!completed) {
            Notes.put(copy, Notes.BIND_COMPLETED, YES);
        }
        return named && completed ? claim : update(copy);
    }

    /** Undoes a binding that another one came before; what the user wrote of it stays. */
    void unbind(PersistentVolume volume) {
        var copy = copy(volume);
        if (Notes.has(volume, Notes.BOUND_BY_CONTROLLER)) {
            copy.getSpec().setClaimRef(null);
            Notes.remove(copy, Notes.BOUND_BY_CONTROLLER);
        } else {
            copy.getSpec().getClaimRef().setUid(null);
        }
        phase(update(copy), "Available");
    }

    PersistentVolume phase(PersistentVolume volume, String phase) {
        return phase(volume, phase, "");
    }

    private PersistentVolume phase(PersistentVolume volume, String phase, String message) {
        if (phase.equals(phase(volume))) {
            return volume;
        }
        var copy = copy(volume);
        if (copy.getStatus() == null) {
            copy.setStatus(new PersistentVolumeStatus());
        }
        copy.getStatus().setPhase(phase);
        copy.getStatus().setMessage(message.isEmpty() ? null : message);
        var written = context.client().resource(copy).updateStatus();
        volumes.put(written);
        return written;
    }

    static @Nullable String phase(PersistentVolume volume) {
        return volume.getStatus() == null ? null : volume.getStatus().getPhase();
    }

    /** A volume whose claim is gone could not be dealt with; says so once. */
    void fail(PersistentVolume volume, String reason, String message) {
        if (!"Failed".equals(phase(volume))) {
            context.events().warning(phase(volume, "Failed", message), reason, message);
        }
    }

    /** A claim that was bound is no longer; says so once. */
    void lose(PersistentVolumeClaim claim, String reason, String message) {
        if (claim.getStatus() == null || !"Lost".equals(claim.getStatus().getPhase())) {
            context.events().warning(status(claim, "Lost", null), reason, message);
        }
    }

    /** Sets a claim's phase and what it has of its volume, if any. */
    PersistentVolumeClaim status(PersistentVolumeClaim claim, String phase, @Nullable PersistentVolume volume) {
        var copy = copy(claim);
        if (copy.getStatus() == null) {
            copy.setStatus(new PersistentVolumeClaimStatus());
        }
        var status = copy.getStatus();
        String before = status.getPhase();
        status.setPhase(phase);
        if (volume == null) {
            status.setAccessModes(List.of());
            status.setCapacity(Map.of());
            status.setCurrentVolumeAttributesClassName(null);
        } else {
            status.setAccessModes(volume.getSpec().getAccessModes());
            if (!phase.equals(before)) {
                status.setCapacity(capacity(volume));
            }
            if ("Pending".equals(before) && phase.equals("Bound")) {
                status.setCurrentVolumeAttributesClassName(volume.getSpec().getVolumeAttributesClassName());
            }
        }
        if (claim.getStatus() != null && claim.getStatus().equals(status)) {
            return claim;
        }
        var written = context.client().resource(copy).updateStatus();
        claims.put(written);
        return written;
    }

    /** The size of a volume, before it grew where its file system has not grown yet. */
    private static Map<String, Quantity> capacity(PersistentVolume volume) {
        Optional<Quantity> before = Notes.get(volume, Notes.PRE_RESIZE_CAPACITY).map(Quantity::parse);
        return before.isPresent()
                ? Map.of(STORAGE, before.get())
                : volume.getSpec().getCapacity();
    }
}
