package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;

/** Fills what an autoscaler leaves out. */
final class AutoscalerDefaults {
    private static final int CPU_UTILIZATION = 80;
    private static final int PERIOD_SECONDS = 15;
    private static final int PERCENT = 100;
    private static final int PODS = 4;

    private AutoscalerDefaults() {}

    static void fill(ObjectNode spec) {
        Trees.fill(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            var metrics = spec.putArray("metrics");
            metrics.add(cpu(metrics.objectNode(), CPU_UTILIZATION));
        }
        Trees.with(spec, "behavior", AutoscalerDefaults::behavior);
    }

    /** Makes a metric of the utilization of processors. */
    static ObjectNode cpu(ObjectNode metric, int utilization) {
        metric.put("type", "Resource")
                .putObject("resource")
                .put("name", "cpu")
                .putObject("target")
                .put("type", "Utilization")
                .put("averageUtilization", utilization);
        return metric;
    }

    /** One direction is filled where the other is given; a scale-down's window is left to whoever scales. */
    private static void behavior(ObjectNode behavior) {
        var up = behavior.withObjectProperty("scaleUp");
        Trees.fill(up, "stabilizationWindowSeconds", 0);
        Trees.fillAbsent(up, "selectPolicy", "Max");
        if (!up.hasNonNull("policies")) {
            policy(up.putArray("policies"), "Pods", PODS);
            policy(up.withArrayProperty("policies"), "Percent", PERCENT);
        }
        var down = behavior.withObjectProperty("scaleDown");
        Trees.fillAbsent(down, "selectPolicy", "Max");
        if (!down.hasNonNull("policies")) {
            policy(down.putArray("policies"), "Percent", PERCENT);
        }
    }

    private static void policy(ArrayNode policies, String type, int value) {
        policies.addObject().put("type", type).put("value", value).put("periodSeconds", PERIOD_SECONDS);
    }
}
