package io.pilothouse.controllers.volume;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.pilothouse.controllers.runtime.ControllerContext;

/** Keeps volumes from going away while a claim is bound to them. */
public final class VolumeProtection {
    private static final String FINALIZER = "kubernetes.io/pv-protection";

    /** Joins a context. */
    public VolumeProtection(ControllerContext context) {
        new Protection<>(
                context,
                PersistentVolume.class,
                "persistentvolume-protection",
                FINALIZER,
                volume -> volume.getStatus() != null
                        && "Bound".equals(volume.getStatus().getPhase()));
    }
}
