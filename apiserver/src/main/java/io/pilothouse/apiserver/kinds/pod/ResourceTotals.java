package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all containers of a pod ask for together: the regular ones and sidecars run at the same time, and an init container beside
 * the sidecars before it.
 */
public final class ResourceTotals {
    private ResourceTotals() {}

    /** Whether a whole pod can ask for it. */
    static boolean isForPods(String resource) {
        return resource.equals("cpu") || resource.equals("memory") || ResourceNames.isHugePages(resource);
    }

    /** @param list requests or limits */
    static Map<String, Quantity> of(JsonNode spec, String list) {
        var total = new TreeMap<String, Quantity>();
        for (var container : spec.path("containers")) {
            add(total, amounts(container, list));
        }
        var sidecars = new TreeMap<String, Quantity>();
        var starting = new TreeMap<String, Quantity>();
        for (var container : spec.path("initContainers")) {
            var amounts = amounts(container, list);
            if (Containers.isSidecar(container)) {
                add(total, amounts);
                add(sidecars, amounts);
                max(starting, sidecars);
            } else {
                add(amounts, sidecars);
                max(starting, amounts);
            }
        }
        max(total, starting);
        return total;
    }

    private static Map<String, Quantity> amounts(JsonNode container, String list) {
        return quantities(container.path("resources").path(list));
    }

    /** A list of amounts. */
    static Map<String, Quantity> quantities(JsonNode amounts) {
        var out = new TreeMap<String, Quantity>();
        amounts.properties()
                .forEach(e -> out.put(e.getKey(), Quantity.parse(e.getValue().asText())));
        return out;
    }

    private static void add(Map<String, Quantity> to, Map<String, Quantity> more) {
        more.forEach((name, amount) -> to.merge(name, amount, Quantity::add));
    }

    private static void max(Map<String, Quantity> to, Map<String, Quantity> other) {
        other.forEach((name, amount) -> to.merge(name, amount, (a, b) -> b.compareTo(a) > 0 ? b : a));
    }
}
