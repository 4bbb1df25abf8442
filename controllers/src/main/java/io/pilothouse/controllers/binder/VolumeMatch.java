package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which volumes suit a claim. */
public final class VolumeMatch {
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
        var suitable = suitable(claim, volumes);
        var meant = meant(claim, suitable);
        return meant.isPresent() || waits ? meant : smallest(suitable, volume -> isAvailable(volume, claim));
    }

    /**
     * The volume that a claim which waits for its first consumer gets where that will run: the one that is meant for it, else the smallest that suits it.
     *
     * @param reached whether a volume can be used there
     */
    public static Optional<PersistentVolume> reached(
            PersistentVolumeClaim claim, List<PersistentVolume> volumes, Predicate<PersistentVolume> reached) {
        var suitable = suitable(claim, volumes);
        var meant = meant(claim, suitable);
        return meant.isPresent()
                ? meant.filter(reached)
                : smallest(
                        suitable,
                        volume -> isAvailable(volume, claim) && offersModes(claim, volume) && reached.test(volume));
    }

    private static List<PersistentVolume> suitable(PersistentVolumeClaim claim, List<PersistentVolume> volumes) {
        return volumes.stream()
                .filter(volume -> volume.getSpec().getClaimRef() == null || isMeantFor(volume, claim))
                .filter(volume -> size(volume).compareTo(requested(claim)) >= 0
                        && mode(claim).equals(mode(volume))
                        && attributes(claim).equals(attributes(volume))
                        && volume.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private static Optional<PersistentVolume> meant(PersistentVolumeClaim claim, List<PersistentVolume> volumes) {
        return volumes.stream().filter(volume -> isMeantFor(volume, claim)).findFirst();
    }

    private static Optional<PersistentVolume> smallest(
            List<PersistentVolume> volumes, Predicate<PersistentVolume> wanted) {
        return volumes.stream()
                .filter(wanted)
                .min(Comparator.comparing(VolumeMatch::size)
                        .thenComparing(volume -> volume.getMetadata().getName()));
    }

    private static boolean isAvailable(PersistentVolume volume, PersistentVolumeClaim claim) {
        return volume.getStatus() != null
                && "Available".equals(volume.getStatus().getPhase())
                && isSelected(claim, volume)
                && Classes.of(volume).equals(Classes.of(claim));
    }

    /**
     * Sets in a volume that it is for a claim; the binder does the rest.
     *
     * @param copy nobody else's
     * @return whether that changes anything
     */
    public static boolean reserve(PersistentVolume copy, PersistentVolumeClaim claim) {
        boolean meant = isMeantFor(copy, claim);
        boolean complete = meant
                && Objects.equals(
                        copy.getSpec().getClaimRef().getUid(),
                        claim.getMetadata().getUid());
        boolean noted = !meant && !Notes.has(copy, Notes.BOUND_BY_CONTROLLER);
        if (!complete) {
            copy.getSpec()
                    .setClaimRef(new ObjectReferenceBuilder()
                            .withApiVersion("v1")
                            .withKind("PersistentVolumeClaim")
                            .withNamespace(claim.getMetadata().getNamespace())
                            .withName(claim.getMetadata().getName())
                            .withUid(claim.getMetadata().getUid())
                            .withResourceVersion(claim.getMetadata().getResourceVersion())
                            .build());
        }
        if (noted) {
            Notes.put(copy, Notes.BOUND_BY_CONTROLLER, "yes");
        }
        return !complete || noted;
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

    /** How much a claim asks for. */
    public static Quantity requested(PersistentVolumeClaim claim) {
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
