package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;
import java.util.ArrayList;

/** The table of autoscalers. */
final class AutoscalerColumns {
    private static final int SHOWN_METRICS = 2;
    private static final String UNKNOWN = "<unknown>";
    private static final String METRICS_TEXT =
            "metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count"
                    + " across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and"
                    + " the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and"
                    + " vice-versa.  See the individual metric source types for more information about how each type of metric must respond. If not"
                    + " set, the default metric will be set to 80% average CPU utilization.";
    private static final String MIN_TEXT =
            "minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod."
                    + "  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric"
                    + " is configured.  Scaling is active as long as at least one metric value is available.";

    private AutoscalerColumns() {}

    static Column[] all() {
        return new Column[] {
            TableWriter.name(),
            Column.text(
                    "Reference",
                    "scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be"
                            + " collected, as well as to actually change the replica count.",
                    AutoscalerColumns::reference),
            Column.text("Targets", METRICS_TEXT, AutoscalerColumns::targets),
            Column.text(
                    "MinPods", MIN_TEXT, o -> o.path("spec").path("minReplicas").asText("<unset>")),
            number(
                    "MaxPods",
                    "maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. It cannot be less"
                            + " that minReplicas.",
                    "/spec/maxReplicas"),
            number(
                    "Replicas",
                    "currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the"
                            + " autoscaler.",
                    "/status/currentReplicas"),
            TableWriter.age()
        };
    }

    private static Column number(String name, String description, String pointer) {
        return new Column(
                name,
                "string",
                "",
                description,
                0,
                (o, now) -> JsonNodeFactory.instance.numberNode(o.at(pointer).asLong()));
    }

    private static String reference(ObjectNode object) {
        var target = object.path("spec").path("scaleTargetRef");
        return target.path("kind").asText() + "/" + target.path("name").asText();
    }

    private static String targets(ObjectNode object) {
        var specs = object.path("spec").path("metrics");
        if (specs.isEmpty()) {
            return "<none>";
        }
        var texts = new ArrayList<String>();
        for (int i = 0; i < Math.min(specs.size(), SHOWN_METRICS); i++) {
            texts.add(metric(
                    specs.get(i), object.path("status").path("currentMetrics").path(i)));
        }
        String text = String.join(", ", texts);
        return specs.size() > SHOWN_METRICS ? text + " + " + (specs.size() - SHOWN_METRICS) + " more..." : text;
    }

    private static String metric(JsonNode spec, JsonNode status) {
        return switch (spec.path("type").asText()) {
            case "External" -> valueOrAverage(spec.path("external"), status.path("external"));
            case "Object" -> valueOrAverage(spec.path("object"), status.path("object"));
            case "Pods" ->
                amount(status.path("pods").path("current").path("averageValue")) + "/"
                        + spec.path("pods").path("target").path("averageValue").asText();
            case "Resource" -> resource(spec.path("resource"), status.path("resource"));
            case "ContainerResource" -> resource(spec.path("containerResource"), status.path("containerResource"));
            default -> "<unknown type>";
        };
    }

    private static String valueOrAverage(JsonNode spec, JsonNode status) {
        var target = spec.path("target");
        if (target.has("averageValue")) {
            return amount(status.path("current").path("averageValue")) + "/"
                    + target.path("averageValue").asText() + " (avg)";
        }
        return amount(status.path("current").path("value")) + "/"
                + target.path("value").asText();
    }

    private static String resource(JsonNode spec, JsonNode status) {
        var target = spec.path("target");
        String name = spec.path("name").asText() + ": ";
        if (target.has("averageValue")) {
            return name + amount(status.path("current").path("averageValue")) + "/"
                    + target.path("averageValue").asText();
        }
        var current = status.path("current").path("averageUtilization");
        var wanted = target.path("averageUtilization");
        return name + (current.isMissingNode() ? UNKNOWN : current.asText() + "%") + "/"
                + (wanted.isMissingNode() ? "<auto>" : wanted.asText() + "%");
    }

    private static String amount(JsonNode value) {
        return value.asText(UNKNOWN);
    }
}
