package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.Cgroups;
import io.pilothouse.worker.cri.ContainerSpec;
import io.pilothouse.worker.node.Machine;
import java.io.IOException;
import java.math.BigDecimal;

/** What pods and containers may use, as the kubelet reckons it from requests and limits. */
final class ContainerBounds {
    private static final BigDecimal SHARES = BigDecimal.valueOf(1024);
    private static final BigDecimal PERIOD_MICROS = BigDecimal.valueOf(100_000);

    private ContainerBounds() {}

    static ContainerSpec.Resources of(JsonNode pod, JsonNode container) throws IOException {
        JsonNode limits = container.path("resources").path("limits");
        BigDecimal cpu = quantity(limits, "cpu");
        BigDecimal request = Pods.quantity(container
                .path("resources")
                .path("requests")
                .path("cpu")
                .asText(limits.path("cpu").asText("")));
        return new ContainerSpec.Resources(
                Math.max(2, request.multiply(SHARES).longValue()),
                cpu.multiply(PERIOD_MICROS).longValue(),
                quantity(limits, "memory").longValue(),
                oomScore(pod, container));
    }

    private static BigDecimal quantity(JsonNode values, String resource) {
        return Pods.quantity(values.path(resource).asText(""));
    }

    /** The more of its memory a container has asked for, the later it is ended when the machine runs out. */
    private static int oomScore(JsonNode pod, JsonNode container) throws IOException {
        return switch (Pods.qosClass(pod)) {
            case "Guaranteed" -> -997;
            case "BestEffort" -> 1000;
            default -> {
                JsonNode resources = container.path("resources");
                BigDecimal asked = Pods.quantity(resources
                        .path("requests")
                        .path("memory")
                        .asText(resources.path("limits").path("memory").asText("")));
                long share = asked.longValue() * 1000 / (Machine.memoryKib() * 1024);
                yield Math.clamp(1000 - share, 3, 999);
            }
        };
    }

    /** Of the whole pod: its own limits, or the sum of the containers' where each has one. */
    static Cgroups.Bounds of(JsonNode pod) {
        return new Cgroups.Bounds(
                sum(pod, "cpu").multiply(PERIOD_MICROS).longValue(),
                sum(pod, "memory").longValue());
    }

    private static BigDecimal sum(JsonNode pod, String resource) {
        JsonNode own = pod.path("spec").path("resources").path("limits");
        if (own.has(resource)) {
            return quantity(own, resource);
        }
        BigDecimal containers = BigDecimal.ZERO;
        BigDecimal largest = BigDecimal.ZERO;
        for (JsonNode container : Pods.containers(pod)) {
            BigDecimal limit = quantity(container.path("resources").path("limits"), resource);
            if (limit.signum() == 0) {
                return BigDecimal.ZERO;
            }
            boolean once = Pods.list(pod.path("spec").path("initContainers")).contains(container)
                    && !PodStatus.sidecar(container);
            containers = once ? containers : containers.add(limit);
            largest = once ? largest.max(limit) : largest;
        }
        return containers.max(largest);
    }
}
