package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which volumes suit a claim. */
final class VolumeMatch {
    private static final String STORAGE = "storage";

    private VolumeMatch() {}

    /**
     * The volume that is made or meant for a claim, else the smallest that suits it, of those that offer the fewest access modes beyond what it asks for.
     *
     * @param waits whether only a volume that is meant for the claim counts, since the scheduler chooses among the others
     */
    static Optional<PersistentVolume> best(PersistentVolumeClaim claim, List<PersistentVolume> volumes, boolean waits) {
        Map<String, List<PersistentVolume>> byModes = volumes.stream()
                .filter(volume -> offersModes(claim, volume))
                .collect(Collectors.groupingBy(VolumeMatch::modes, TreeMap::new, Collectors.toList()));
        return byModes.values().stream()
                .sorted(Comparator.comparingInt(
                        group -> new HashSet<>(group.getFirst().getSpec().getAccessModes()).size()))
                .map(group -> bestOf(claim, group, waits))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String modes(PersistentVolume volume) {
        return String.join(",", new TreeSet<>(volume.getSpec().getAccessModes()));
    }

    private static Optional<PersistentVolume> bestOf(
            PersistentVolumeClaim claim, List<PersistentVolume> volumes, boolean waits) {
        var suitable = volumes.stream()
                .filter(volume -> volume.getSpec().getClaimRef() == null || isMeantFor(volume, claim))
                .filter(volume -> size(volume).compareTo(requested(claim)) >= 0
                        && mode(claim).equals(mode(volume))
                        && attributes(claim).equals(attributes(volume))
                        && volume.getMetadata().getDeletionTimestamp() == null)
                .toList();
        var meant =
                suitable.stream().filter(volume -> isMeantFor(volume, claim)).findFirst();
        if (meant.isPresent() || waits) {
            return meant;
        }
        return suitable.stream()
                .filter(volume -> volume.getStatus() != null
                        && "Available".equals(volume.getStatus().getPhase())
                        && isSelected(claim, volume)
                        && Classes.of(volume).equals(Classes.of(claim)))
                .min(Comparator.comparing(VolumeMatch::size)
                        .thenComparing(volume -> volume.getMetadata().getName()));
    }

    private static boolean isSelected(PersistentVolumeClaim claim, PersistentVolume volume) {
        var selector = claim.getSpec().getSelector();
        return selector == null
                || Selectors.matches(selector, volume.getMetadata().getLabels());
    }

    /** Whether a volume is bound to a claim, or reserved for it. */
    static boolean isMeantFor(PersistentVolume volume, PersistentVolumeClaim claim) {
        var reference = volume.getSpec().getClaimRef();
        return reference != null
                && claim.getMetadata().getName().equals(reference.getName())
                && claim.getMetadata().getNamespace().equals(reference.getNamespace())
                && (isEmpty(reference.getUid()) || claim.getMetadata().getUid().equals(reference.getUid()));
    }

    static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** Why a volume that a claim asks for by name does not suit it; empty where it does. */
    static Optional<String> mismatch(PersistentVolume volume, PersistentVolumeClaim claim) {
        if (volume.getMetadata().getDeletionTimestamp() != null) {
            return Optional.of("the volume is marked for deletion \""
                    + volume.getMetadata().getName() + "\"");
        }
        if (size(volume).toLong() < requested(claim).toLong()) {
            return Optional.of("requested PV is too small");
        }
        if (!Classes.of(volume).equals(Classes.of(claim))) {
            return Optional.of("storageClassName does not match");
        }
        if (!attributes(claim).equals(attributes(volume))) {
            return Optional.of("volumeAttributesClassName does not match");
        }
        if (!mode(claim).equals(mode(volume))) {
            return Optional.of("incompatible volumeMode");
        }
        return offersModes(claim, volume) ? Optional.empty() : Optional.of("incompatible accessMode");
    }

    private static boolean offersModes(PersistentVolumeClaim claim, PersistentVolume volume) {
        return volume.getSpec().getAccessModes().containsAll(claim.getSpec().getAccessModes());
    }

    /** Block or Filesystem. */
    static String mode(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElse(claim.getSpec().getVolumeMode(), "Filesystem");
    }

    static String mode(PersistentVolume volume) {
        return Objects.requireNonNullElse(volume.getSpec().getVolumeMode(), "Filesystem");
    }

    private static String attributes(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElse(claim.getSpec().getVolumeAttributesClassName(), "");
    }

    private static String attributes(PersistentVolume volume) {
        return Objects.requireNonNullElse(volume.getSpec().getVolumeAttributesClassName(), "");
    }

    private static Quantity requested(PersistentVolumeClaim claim) {
        var resources = claim.getSpec().getResources();
        return amount(resources == null ? null : resources.getRequests());
    }

    private static Quantity size(PersistentVolume volume) {
        return amount(volume.getSpec().getCapacity());
    }

    private static Quantity amount(@Nullable Map<String, io.fabric8.kubernetes.api.model.Quantity> amounts) {
        var storage = amounts == null ? null : amounts.get(STORAGE);
        return storage == null ? Quantity.ZERO : Quantity.parse(storage.toString());
    }
}
