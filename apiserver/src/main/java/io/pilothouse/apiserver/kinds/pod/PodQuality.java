package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The quality of service class of a pod: Guaranteed, Burstable or BestEffort, from its requests and limits of cpu and memory: its own
 * where it has any, else those of its containers.
 */
public final class PodQuality {
    private static final List<String> COUNTED = List.of("cpu", "memory");

    private PodQuality() {}

    public static String of(JsonNode pod) {
        var requests = new HashMap<String, Quantity>();
        var limits = new HashMap<String, Quantity>();
        boolean guaranteed = true;
        for (var resources : resources(pod.path("spec"))) {
            add(resources.path("requests"), requests);
            Set<String> limited = add(resources.path("limits"), limits);
            guaranteed &= limited.containsAll(COUNTED);
        }
        if (requests.isEmpty() && limits.isEmpty()) {
            return "BestEffort";
        }
        return guaranteed && same(requests, limits) ? "Guaranteed" : "Burstable";
    }

    private static List<JsonNode> resources(JsonNode spec) {
        if (spec.path("resources").isObject()) {
            return List.of(spec.path("resources"));
        }
        var all = new ArrayList<JsonNode>();
        spec.path("initContainers").forEach(c -> all.add(c.path("resources")));
        spec.path("containers").forEach(c -> all.add(c.path("resources")));
        return all;
    }

    private static Set<String> add(JsonNode amounts, Map<String, Quantity> sums) {
        var found = new HashSet<String>();
        for (String name : COUNTED) {
            if (amounts.hasNonNull(name)) {
                var amount = Quantity.parse(amounts.get(name).asText());
                if (amount.signum() > 0) {
                    found.add(name);
                    sums.merge(name, amount, Quantity::add);
                }
            }
        }
        return found;
    }

    private static boolean same(Map<String, Quantity> requests, Map<String, Quantity> limits) {
        if (requests.size() != limits.size()) {
            return false;
        }
        return requests.entrySet().stream().allMatch(e -> {
            var limit = limits.get(e.getKey());
            return limit != null && limit.compareTo(e.getValue()) == 0;
        });
    }
}
