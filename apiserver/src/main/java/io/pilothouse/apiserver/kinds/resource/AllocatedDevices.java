package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;

/** The devices that a claim has. */
final class AllocatedDevices {
    private AllocatedDevices() {}

    /** What tells a device from all others. */
    static String key(JsonNode device) {
        String share = device.path("shareID").asText();
        return device.path("driver").asText() + "/" + device.path("pool").asText() + "/"
                + device.path("device").asText() + (share.isEmpty() ? "" : "/" + share);
    }

    /** What drivers said of devices goes with the devices. */
    static void dropReturned(ObjectNode claim, ObjectNode old) {
        var returned = new HashSet<String>();
        results(old).forEach(result -> returned.add(key(result)));
        results(claim).forEach(result -> returned.remove(key(result)));
        if (claim.path("status").path("devices") instanceof ArrayNode devices) {
            devices.removeIf(device -> returned.contains(key(device)));
            if (devices.isEmpty()) {
                ((ObjectNode) claim.path("status")).remove("devices");
            }
        }
    }

    private static JsonNode results(ObjectNode claim) {
        return claim.path("status").path("allocation").path("devices").path("results");
    }
}
