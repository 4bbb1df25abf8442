package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.config.NodeSettings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The downward API: what a pod can learn of itself. */
final class FieldValues {
    private final NodeSettings settings;

    FieldValues(NodeSettings settings) {
        this.settings = settings;
    }

    /** A fieldRef's value. */
    String field(JsonNode pod, List<String> addresses, String path) throws ConfigException {
        JsonNode meta = pod.path("metadata");
        if (path.endsWith("']") && path.contains("['")) {
            String key = path.substring(path.indexOf("['") + 2, path.length() - 2);
            return meta.path(path.startsWith("metadata.labels") ? "labels" : "annotations")
                    .path(key)
                    .asText("");
        }
        return switch (path) {
            case "metadata.name" -> Pods.name(pod);
            case "metadata.namespace" -> Pods.namespace(pod);
            case "metadata.uid" -> Pods.uid(pod);
            case "metadata.labels" -> pairs(meta.path("labels"));
            case "metadata.annotations" -> pairs(meta.path("annotations"));
            case "spec.nodeName" -> settings.identity().name();
            case "spec.serviceAccountName" ->
                pod.path("spec").path("serviceAccountName").asText("default");
            case "status.hostIP", "status.hostIPs" -> settings.identity().address();
            case "status.podIP" -> addresses.isEmpty() ? "" : addresses.getFirst();
            case "status.podIPs" -> String.join(",", addresses);
            default ->
                throw new ConfigException("CreateContainerConfigError", "field path " + path + " is not supported");
        };
    }

    private static String pairs(JsonNode map) {
        List<String> lines = new ArrayList<>();
        map.properties()
                .forEach(e -> lines.add(e.getKey() + "=\""
                        + e.getValue().asText().replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
        Collections.sort(lines);
        return String.join("\n", lines);
    }

    /** A resourceFieldRef's value; the node's capacity stands in for a limit that is not set. */
    String resource(JsonNode container, JsonNode reference) throws ConfigException {
        String name = reference.path("resource").asText();
        String[] halves = name.split("\\.", 2);
        if (halves.length != 2 || !List.of("limits", "requests").contains(halves[0])) {
            throw new ConfigException("CreateContainerConfigError", "resource " + name + " is not supported");
        }
        String limit =
                container.path("resources").path("limits").path(halves[1]).asText("");
        String value =
                container.path("resources").path(halves[0]).path(halves[1]).asText(limit);
        BigDecimal amount = Pods.quantity(value);
        if (value.isEmpty() && halves[0].equals("limits")) {
            try {
                amount = halves[1].equals("cpu")
                        ? BigDecimal.valueOf(Runtime.getRuntime().availableProcessors())
                        : BigDecimal.valueOf(io.pilothouse.worker.node.Machine.memoryKib() * 1024);
            } catch (java.io.IOException e) {
                throw new ConfigException("CreateContainerConfigError", String.valueOf(e.getMessage()));
            }
        }
        String divisor = reference.path("divisor").asText("1");
        BigDecimal unit = Pods.quantity(divisor);
        return amount.divide(unit.signum() == 0 ? BigDecimal.ONE : unit, 0, RoundingMode.CEILING)
                .toPlainString();
    }
}
