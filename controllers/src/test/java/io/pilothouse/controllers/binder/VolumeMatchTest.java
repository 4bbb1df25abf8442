package io.pilothouse.controllers.binder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VolumeMatchTest {
    private static PersistentVolume volume(String name, String size, String... modes) {
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withCapacity(Map.of("storage", new Quantity(size)))
                .withAccessModes(modes)
                .endSpec()
                .withNewStatus()
                .withPhase("Available")
                .endStatus()
                .build();
    }

    private static PersistentVolume reserved(PersistentVolume volume, String uid) {
        return new PersistentVolumeBuilder(volume)
                .editSpec()
                .withNewClaimRef()
                .withNamespace("n")
                .withName("c")
                .withUid(uid)
                .endClaimRef()
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim(String size, String... modes) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace("n")
                .withName("c")
                .withUid("u")
                .endMetadata()
                .withNewSpec()
                .withAccessModes(modes)
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(size)))
                .endResources()
                .endSpec()
                .build();
    }

    private static String best(PersistentVolumeClaim claim, boolean waits, PersistentVolume... volumes) {
        return VolumeMatch.best(claim, List.of(volumes), waits)
                .map(volume -> volume.getMetadata().getName())
                .orElse("none");
    }

    @Test
    void theClosestModesCountBeforeTheSize() {
        var many = volume("many", "1Gi", "ReadWriteOnce", "ReadOnlyMany");
        var one = volume("one", "10Gi", "ReadWriteOnce");
        assertThat(best(claim("1Gi", "ReadWriteOnce"), false, many, one)).isEqualTo("one");
        assertThat(best(claim("1Gi", "ReadOnlyMany"), false, many, one)).isEqualTo("many");
        assertThat(best(claim("1Gi", "ReadWriteMany"), false, many, one)).isEqualTo("none");
    }

    @Test
    void theSmallestThatIsLargeEnoughIsTaken() {
        var claim = claim("2Gi", "ReadWriteOnce");
        assertThat(best(
                        claim,
                        false,
                        volume("a", "8Gi", "ReadWriteOnce"),
                        volume("b", "2048Mi", "ReadWriteOnce"),
                        volume("c", "1Gi", "ReadWriteOnce")))
                .isEqualTo("b");
    }

    @Test
    void whatIsReservedGoesFirstAndToNobodyElse() {
        var claim = claim("1Gi", "ReadWriteOnce");
        var small = volume("small", "1Gi", "ReadWriteOnce");
        var large = volume("large", "9Gi", "ReadWriteOnce");
        assertThat(best(claim, false, small, reserved(large, ""))).isEqualTo("large");
        assertThat(best(claim, true, small, reserved(large, "u"))).isEqualTo("large");
        assertThat(best(claim, false, reserved(small, "other"), large)).isEqualTo("large");
        assertThat(best(claim, true, small)).isEqualTo("none");
    }
}
