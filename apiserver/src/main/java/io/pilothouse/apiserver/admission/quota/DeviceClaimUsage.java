package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts resource claims and the devices that they ask for at the most, by device class. */
final class DeviceClaimUsage implements Evaluator {
    private static final String COUNT = "count/resourceclaims.resource.k8s.io";
    private static final String OF_CLASS = ".deviceclass.resource.k8s.io/devices";
    private static final long MOST_DEVICES = 32;

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.subresource().isEmpty() && (request.creates() || request.updates());
    }

    @Override
    public List<String> matching(Collection<String> wanted) {
        return wanted.stream()
                .filter(n -> n.equals(COUNT) || n.endsWith(OF_CLASS))
                .sorted()
                .toList();
    }

    @Override
    public Map<String, Quantity> usage(JsonNode claim) {
        Map<String, Quantity> out = new TreeMap<>();
        out.put(COUNT, Quantity.of(1));
        for (var request : claim.path("spec").path("devices").path("requests")) {
            if (request.path("exactly").isObject()) {
                Amounts.add(out, one(request.path("exactly")));
            }
            Map<String, Quantity> most = new TreeMap<>();
            request.path("firstAvailable").forEach(r -> Amounts.max(most, one(r)));
            Amounts.add(out, most);
        }
        return out;
    }

    private static Map<String, Quantity> one(JsonNode request) {
        long devices = switch (request.path("allocationMode").asText("")) {
            case "ExactCount" -> request.path("count").asLong();
            case "All" -> MOST_DEVICES;
            default -> 0;
        };
        return Map.of(request.path("deviceClassName").asText("") + OF_CLASS, Quantity.of(devices));
    }
}
