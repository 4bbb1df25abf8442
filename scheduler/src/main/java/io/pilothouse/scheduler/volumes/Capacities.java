package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.pilothouse.controllers.binder.VolumeMatch;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Map;

/** What drivers say of the room that they have, and where. */
record Capacities(Cache<CSIDriver> drivers, Cache<CSIStorageCapacity> capacities) {
    /** Whether there is room for a claim on a node with these labels; so it is where the driver does not tell. */
    boolean suffice(PersistentVolumeClaim claim, StorageClass storage, Map<String, String> labels) {
        boolean tells = drivers.find("", storage.getProvisioner())
                .filter(driver -> Boolean.TRUE.equals(driver.getSpec().getStorageCapacity()))
                .isPresent();
        if (!tells) {
            return true;
        }
        var wanted = VolumeMatch.requested(claim);
        return capacities.all().stream()
                .anyMatch(room -> storage.getMetadata().getName().equals(room.getStorageClassName())
                        && isEnough(room, wanted)
                        && room.getNodeTopology() != null
                        && Selectors.matches(room.getNodeTopology(), labels));
    }

    private static boolean isEnough(CSIStorageCapacity room, Quantity wanted) {
        var limit = room.getMaximumVolumeSize() != null ? room.getMaximumVolumeSize() : room.getCapacity();
        return limit != null && Quantity.parse(limit.toString()).compareTo(wanted) >= 0;
    }
}
