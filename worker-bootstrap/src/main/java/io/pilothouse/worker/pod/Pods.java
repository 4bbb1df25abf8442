package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads Pod objects. */
final class Pods {
    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("", BigDecimal.ONE),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

    private Pods() {}

    static String name(JsonNode pod) {
        return pod.path("metadata").path("name").asText();
    }

    static String namespace(JsonNode pod) {
        return pod.path("metadata").path("namespace").asText();
    }

    static String uid(JsonNode pod) {
        return pod.path("metadata").path("uid").asText();
    }

    static String path(JsonNode pod) {
        return "/api/v1/namespaces/" + namespace(pod) + "/pods/" + name(pod);
    }

    static boolean terminating(JsonNode pod) {
        return pod.path("metadata").hasNonNull("deletionTimestamp");
    }

    static boolean finished(JsonNode pod) {
        String phase = pod.path("status").path("phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static String restartPolicy(JsonNode pod) {
        return pod.path("spec").path("restartPolicy").asText("Always");
    }

    /** All kinds of containers: initial, the pod's own, ephemeral. */
    static List<JsonNode> containers(JsonNode pod) {
        List<JsonNode> all = new ArrayList<>();
        for (String kind : List.of("initContainers", "containers", "ephemeralContainers")) {
            all.addAll(list(pod.path("spec").path(kind)));
        }
        return all;
    }

    static Optional<JsonNode> container(JsonNode pod, String name) {
        return containers(pod).stream()
                .filter(c -> c.path("name").asText().equals(name))
                .findFirst();
    }

    static Duration grace(JsonNode pod) {
        return Duration.ofSeconds(
                pod.path("spec").path("terminationGracePeriodSeconds").asLong(30));
    }

    static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    static List<String> texts(JsonNode array) {
        return list(array).stream().map(JsonNode::asText).toList();
    }

    static Instant time(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000L);
    }

    /**
     * A quantity's value, as {@code 250m} or {@code 64Mi}; 0 for none.
     *
     * @throws IllegalArgumentException when it is none
     */
    static BigDecimal quantity(String text) {
        if (text.isEmpty()) {
            return BigDecimal.ZERO;
        }
        if (text.matches("[0-9.]+[eE][+-]?[0-9]+")) {
            return new BigDecimal(text);
        }
        String suffix = text.replaceFirst("^[0-9.]+", "");
        BigDecimal factor = SUFFIXES.get(suffix);
        if (factor == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not a quantity");
        }
        return new BigDecimal(text.substring(0, text.length() - suffix.length())).multiply(factor);
    }

    /** Guaranteed, Burstable or BestEffort, for cpu and memory. */
    static String qosClass(JsonNode pod) {
        boolean any = false;
        boolean all = true;
        List<JsonNode> containers = new ArrayList<>(list(pod.path("spec").path("containers")));
        containers.addAll(list(pod.path("spec").path("initContainers")));
        for (JsonNode container : containers) {
            for (String resource : List.of("cpu", "memory")) {
                String limit = container
                        .path("resources")
                        .path("limits")
                        .path(resource)
                        .asText("");
                String request = container
                        .path("resources")
                        .path("requests")
                        .path(resource)
                        .asText(limit);
                any |= !limit.isEmpty() || !request.isEmpty();
                all &= !limit.isEmpty() && quantity(limit).compareTo(quantity(request)) == 0;
            }
        }
        return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
    }
}
