package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod needs at once: the sum of its containers, or the most that one of its init containers needs beside the sidecars that run by
 * then, whichever is more; and where the pod itself says how much, that.
 */
public final class PodResources {
    private static final String HUGE_PAGES = "hugepages-";

    private final JsonNode pod;
    private final boolean counted;

    private PodResources(JsonNode pod, boolean counted) {
        this.pod = pod;
        this.counted = counted;
    }

    /** As a limit range sees a pod: by its specification alone, without its runtime's overhead. */
    public static PodResources specified(JsonNode pod) {
        return new PodResources(pod, false);
    }

    /** As a quota and a node's capacity see it: with what it still has while it is resized, and with overhead. */
    public static PodResources counted(JsonNode pod) {
        return new PodResources(pod, true);
    }

    /** What it must have. */
    public Map<String, Quantity> requests() {
        var out = total("requests");
        if (counted) {
            Amounts.add(out, Amounts.read(pod.path("spec").path("overhead")));
        }
        return out;
    }

    /** What it may have at the most. */
    public Map<String, Quantity> limits() {
        var out = total("limits");
        if (counted) {
            Amounts.read(pod.path("spec").path("overhead"))
                    .forEach((name, amount) -> out.computeIfPresent(name, (n, limit) -> limit.add(amount)));
        }
        return out;
    }

    private Map<String, Quantity> total(String list) {
        Map<String, Quantity> sum = new TreeMap<>();
        for (var container : pod.path("spec").path("containers")) {
            Amounts.add(sum, of(container, list, "containerStatuses"));
        }
        Map<String, Quantity> sidecars = new TreeMap<>();
        Map<String, Quantity> most = new TreeMap<>();
        for (var container : pod.path("spec").path("initContainers")) {
            var own = of(container, list, "initContainerStatuses");
            Map<String, Quantity> now = new TreeMap<>(own);
            if (container.path("restartPolicy").asText("").equals("Always")) {
                Amounts.add(sum, own);
                Amounts.add(sidecars, own);
                now = sidecars;
            } else {
                Amounts.add(now, sidecars);
            }
            Amounts.max(most, now);
        }
        Amounts.max(sum, most);
        Amounts.read(pod.path("spec").path("resources").path(list)).forEach((name, amount) -> {
            if (isOfPods(name)) {
                sum.put(name, amount);
            }
        });
        return sum;
    }

    private boolean isOfPods(String resource) {
        return resource.equals("cpu") || resource.equals("memory") || (counted && resource.startsWith(HUGE_PAGES));
    }

    private Map<String, Quantity> of(JsonNode container, String list, String statuses) {
        var wanted = Amounts.read(container.path("resources").path(list));
        if (counted) {
            for (var status : pod.path("status").path(statuses)) {
                if (status.path("name").equals(container.path("name"))) {
                    Amounts.max(wanted, Amounts.read(status.path("resources").path(list)));
                    if (list.equals("requests")) {
                        Amounts.max(wanted, Amounts.read(status.path("allocatedResources")));
                    }
                }
            }
        }
        return wanted;
    }
}
