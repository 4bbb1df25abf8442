package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.pilothouse.controllers.informers.Cache;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Storage classes, and which of them claims and volumes name. */
public record Classes(Cache<StorageClass> cache) {
    /** The class that a claim names; empty text where it wants none, or says nothing. */
    public static String of(PersistentVolumeClaim claim) {
        return Notes.get(claim, Notes.OLD_CLASS)
                .orElseGet(() -> Objects.requireNonNullElse(claim.getSpec().getStorageClassName(), ""));
    }

    /** The class that a volume names. */
    public static String of(PersistentVolume volume) {
        return Notes.get(volume, Notes.OLD_CLASS)
                .orElseGet(() -> Objects.requireNonNullElse(volume.getSpec().getStorageClassName(), ""));
    }

    /** Whether a claim says anything of its class. */
    static boolean isSaid(PersistentVolumeClaim claim) {
        return Notes.has(claim, Notes.OLD_CLASS) || claim.getSpec().getStorageClassName() != null;
    }

    /** The class of that name. */
    public Optional<StorageClass> find(String name) {
        return cache.find("", name);
    }

    /** Whether a claim waits for a pod that uses it before it is bound. */
    public boolean waits(PersistentVolumeClaim claim) {
        return find(of(claim))
                .filter(found -> "WaitForFirstConsumer".equals(found.getVolumeBindingMode()))
                .isPresent();
    }

    /** The newest that is marked as the default. */
    Optional<StorageClass> usual() {
        return cache.all().stream()
                .filter(found -> Stream.of(
                                "storageclass.kubernetes.io/is-default-class",
                                "storageclass.beta.kubernetes.io/is-default-class")
                        .anyMatch(note ->
                                Notes.get(found, note).filter("true"::equals).isPresent()))
                .min(Comparator.<StorageClass, String>comparing(
                                found -> found.getMetadata().getCreationTimestamp(), Comparator.reverseOrder())
                        .thenComparing(found -> found.getMetadata().getName()));
    }
}
