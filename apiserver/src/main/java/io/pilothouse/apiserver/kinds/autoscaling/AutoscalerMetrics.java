package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Map;

/** The forms that metrics and behavior have in the annotations of autoscaling/v1, and their ways to and from v2. */
final class AutoscalerMetrics {
    private static final String UTILIZATION = "averageUtilization";
    private static final String AVERAGE = "averageValue";

    private AutoscalerMetrics() {}

    /** Makes one form of an item of another. */
    @FunctionalInterface
    interface Change {
        JsonNode of(JsonNode item);
    }

    static JsonNode specOfOld(JsonNode old) {
        var metric = object();
        copy(old, "type", metric, "type");
        for (var e : old.properties()) {
            if (e.getValue() instanceof ObjectNode source) {
                metric.set(e.getKey(), sourceOfOld(e.getKey(), source));
            }
        }
        return metric;
    }

    private static ObjectNode sourceOfOld(String kind, ObjectNode old) {
        var source = object();
        var target = object();
        switch (kind) {
            case "resource", "containerResource" -> {
                copy(old, "name", source, "name");
                copy(old, "container", source, "container");
                target.put("type", old.hasNonNull("targetAverageUtilization") ? "Utilization" : "AverageValue");
                copy(old, "targetAverageValue", target, AVERAGE);
                copy(old, "targetAverageUtilization", target, UTILIZATION);
            }
            case "external" -> {
                identify(old, "metricSelector", source);
                target.put("type", old.hasNonNull("targetValue") ? "Value" : "AverageValue");
                copy(old, "targetValue", target, "value");
                copy(old, "targetAverageValue", target, AVERAGE);
            }
            case "pods" -> {
                identify(old, "selector", source);
                target.put("type", "AverageValue").put(AVERAGE, amount(old, "targetAverageValue"));
            }
            default -> {
                copy(old, "target", source, "describedObject");
                identify(old, "selector", source);
                boolean average = old.hasNonNull(AVERAGE);
                target.put("type", average ? "AverageValue" : "Value");
                // v1 always writes a value: one of 0 beside an average says nothing.
                if (!average || !Quantity.parse(amount(old, "targetValue")).isZero()) {
                    target.put("value", amount(old, "targetValue"));
                }
                copy(old, AVERAGE, target, AVERAGE);
            }
        }
        source.set("target", target);
        return source;
    }

    static JsonNode oldSpec(JsonNode metric) {
        var old = object();
        copy(metric, "type", old, "type");
        for (String kind : new String[] {"object", "pods", "resource", "containerResource", "external"}) {
            if (metric.path(kind) instanceof ObjectNode source) {
                old.set(kind, oldSource(kind, source));
            }
        }
        return old;
    }

    private static ObjectNode oldSource(String kind, ObjectNode source) {
        var old = object();
        var target = source.path("target");
        switch (kind) {
            case "resource", "containerResource" -> {
                copy(source, "name", old, "name");
                copy(target, UTILIZATION, old, "targetAverageUtilization");
                copy(target, AVERAGE, old, "targetAverageValue");
                copy(source, "container", old, "container");
            }
            case "external" -> {
                named(source, "metricSelector", old);
                copy(target, "value", old, "targetValue");
                copy(target, AVERAGE, old, "targetAverageValue");
            }
            case "pods" -> {
                old.put("metricName", source.path("metric").path("name").asText());
                old.put("targetAverageValue", amount(target, AVERAGE));
                copy(source.path("metric"), "selector", old, "selector");
            }
            default -> {
                copy(source, "describedObject", old, "target");
                old.put("metricName", source.path("metric").path("name").asText());
                old.put("targetValue", amount(target, "value"));
                copy(source.path("metric"), "selector", old, "selector");
                copy(target, AVERAGE, old, AVERAGE);
            }
        }
        return old;
    }

    static JsonNode statusOfOld(JsonNode old) {
        var metric = object();
        copy(old, "type", metric, "type");
        for (var e : old.properties()) {
            if (e.getValue() instanceof ObjectNode source) {
                metric.set(e.getKey(), currentOfOld(e.getKey(), source));
            }
        }
        return metric;
    }

    private static ObjectNode currentOfOld(String kind, ObjectNode old) {
        var source = object();
        var current = object();
        switch (kind) {
            case "resource", "containerResource" -> {
                copy(old, "name", source, "name");
                copy(old, "container", source, "container");
                current.put(AVERAGE, amount(old, "currentAverageValue"));
                copy(old, "currentAverageUtilization", current, UTILIZATION);
            }
            case "external" -> {
                identify(old, "metricSelector", source);
                current.put("value", amount(old, "currentValue"));
                copy(old, "currentAverageValue", current, AVERAGE);
            }
            case "pods" -> {
                identify(old, "selector", source);
                current.put(AVERAGE, amount(old, "currentAverageValue"));
            }
            default -> {
                copy(old, "target", source, "describedObject");
                identify(old, "selector", source);
                current.put("value", amount(old, "currentValue"));
                copy(old, AVERAGE, current, AVERAGE);
            }
        }
        source.set("current", current);
        return source;
    }

    static JsonNode oldStatus(JsonNode metric) {
        var old = object();
        copy(metric, "type", old, "type");
        for (String kind : new String[] {"object", "pods", "resource", "containerResource", "external"}) {
            if (metric.path(kind) instanceof ObjectNode source) {
                old.set(kind, oldCurrent(kind, source));
            }
        }
        return old;
    }

    private static ObjectNode oldCurrent(String kind, ObjectNode source) {
        var old = object();
        var current = source.path("current");
        switch (kind) {
            case "resource", "containerResource" -> {
                copy(source, "name", old, "name");
                copy(current, UTILIZATION, old, "currentAverageUtilization");
                old.put("currentAverageValue", amount(current, AVERAGE));
                copy(source, "container", old, "container");
            }
            case "external" -> {
                named(source, "metricSelector", old);
                old.put("currentValue", amount(current, "value"));
                copy(current, AVERAGE, old, "currentAverageValue");
            }
            case "pods" -> {
                old.put("metricName", source.path("metric").path("name").asText());
                old.put("currentAverageValue", amount(current, AVERAGE));
                copy(source.path("metric"), "selector", old, "selector");
            }
            default -> {
                copy(source, "describedObject", old, "target");
                old.put("metricName", source.path("metric").path("name").asText());
                old.put("currentValue", amount(current, "value"));
                copy(source.path("metric"), "selector", old, "selector");
                copy(current, AVERAGE, old, AVERAGE);
            }
        }
        return old;
    }

    /** Behavior, whose annotation has the names of Go's fields; Go does not mind their case when it reads. */
    static JsonNode behaviorOfOld(JsonNode old) {
        return renamed(
                old,
                Map.of(
                        "scaleup", "scaleUp",
                        "scaledown", "scaleDown",
                        "stabilizationwindowseconds", "stabilizationWindowSeconds",
                        "selectpolicy", "selectPolicy",
                        "policies", "policies",
                        "type", "type",
                        "value", "value",
                        "periodseconds", "periodSeconds",
                        "tolerance", "tolerance"));
    }

    private static JsonNode renamed(JsonNode node, Map<String, String> names) {
        if (node.isArray()) {
            var out = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> out.add(renamed(item, names)));
            return out;
        }
        if (!node.isObject()) {
            return node;
        }
        var out = object();
        for (var e : node.properties()) {
            String name = names.get(e.getKey().toLowerCase(java.util.Locale.ROOT));
            if (name != null) {
                out.set(name, renamed(e.getValue(), names));
            }
        }
        return out;
    }

    static JsonNode oldBehavior(JsonNode behavior) {
        var old = object();
        old.set("ScaleUp", oldRules(behavior.path("scaleUp")));
        old.set("ScaleDown", oldRules(behavior.path("scaleDown")));
        return old;
    }

    private static JsonNode oldRules(JsonNode rules) {
        if (!rules.isObject()) {
            return JsonNodeFactory.instance.nullNode();
        }
        var old = object();
        orNull(rules, "stabilizationWindowSeconds", old, "StabilizationWindowSeconds");
        orNull(rules, "selectPolicy", old, "SelectPolicy");
        if (rules.has("policies")) {
            var policies = old.putArray("Policies");
            for (var policy : rules.path("policies")) {
                policies.addObject()
                        .put("Type", policy.path("type").asText())
                        .put("Value", policy.path("value").asInt())
                        .put("PeriodSeconds", policy.path("periodSeconds").asInt());
            }
        } else {
            old.putNull("Policies");
        }
        orNull(rules, "tolerance", old, "Tolerance");
        return old;
    }

    private static void orNull(JsonNode from, String field, ObjectNode to, String name) {
        to.set(name, from.hasNonNull(field) ? from.get(field) : JsonNodeFactory.instance.nullNode());
    }

    /** The name and selector of a metric, which v1 has side by side with its target. */
    private static void identify(JsonNode old, String selector, ObjectNode source) {
        var metric = source.putObject("metric");
        metric.put("name", old.path("metricName").asText());
        copy(old, selector, metric, "selector");
    }

    private static void named(JsonNode source, String selector, ObjectNode old) {
        old.put("metricName", source.path("metric").path("name").asText());
        copy(source.path("metric"), "selector", old, selector);
    }

    /** An amount that Go cannot leave out. */
    private static String amount(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : "0";
    }

    private static void copy(JsonNode from, String field, ObjectNode to, String name) {
        if (from.hasNonNull(field)) {
            to.set(name, from.get(field));
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
