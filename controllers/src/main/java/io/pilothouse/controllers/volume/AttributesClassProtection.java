package io.pilothouse.controllers.volume;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.VolumeAttributesClass;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps classes of volumes' attributes from going away while a claim or a volume names them. */
public final class AttributesClassProtection {
    private static final String FINALIZER = "kubernetes.io/vac-protection";

    private final Cache<PersistentVolumeClaim> claims;
    private final Cache<PersistentVolume> volumes;
    private final Protection<VolumeAttributesClass> protection;

    /** Joins a context. */
    public AttributesClassProtection(ControllerContext context) {
        this.claims = context.cache(PersistentVolumeClaim.class);
        this.volumes = context.cache(PersistentVolume.class);
        this.protection = new Protection<>(
                context, VolumeAttributesClass.class, "volumeattributesclass-protection", FINALIZER, this::isNamed);
        claims.on(
                added -> {},
                (before, after) -> names(before).forEach(this::lookAgain),
                gone -> names(gone).forEach(this::lookAgain));
        volumes.on(
                added -> {},
                (before, after) -> lookAgain(before.getSpec().getVolumeAttributesClassName()),
                gone -> lookAgain(gone.getSpec().getVolumeAttributesClassName()));
    }

    private void lookAgain(@Nullable String name) {
        if (name != null) {
            protection.lookAgain(new Key("", name));
        }
    }

    private boolean isNamed(VolumeAttributesClass attributes) {
        String name = attributes.getMetadata().getName();
        return claims.all().stream().anyMatch(claim -> names(claim).anyMatch(name::equals))
                || volumes.all().stream()
                        .anyMatch(volume -> name.equals(volume.getSpec().getVolumeAttributesClassName()));
    }

    /** What a claim asks for, has, and is on the way to. */
    private static Stream<@Nullable String> names(PersistentVolumeClaim claim) {
        var status = claim.getStatus();
        return Stream.of(
                claim.getSpec().getVolumeAttributesClassName(),
                status == null ? null : status.getCurrentVolumeAttributesClassName(),
                status == null || status.getModifyVolumeStatus() == null
                        ? null
                        : status.getModifyVolumeStatus().getTargetVolumeAttributesClassName());
    }
}
