package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Between the two versions of autoscalers. What v1 has no field for lies there in annotations, as upstream writes them; an
 * annotation that cannot be read is dropped without a word.
 */
final class AutoscalerConversion {
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    private static final String METRICS = PREFIX + "metrics";
    private static final String STATUSES = PREFIX + "current-metrics";
    private static final String CONDITIONS = PREFIX + "conditions";
    private static final String BEHAVIOR = PREFIX + "behavior";
    private static final List<String> ALL = List.of(
            METRICS, STATUSES, CONDITIONS, BEHAVIOR, PREFIX + "scale-down-tolerance", PREFIX + "scale-up-tolerance");
    private static final String CPU_TARGET = "targetCPUUtilizationPercentage";
    private static final String CPU_CURRENT = "currentCPUUtilizationPercentage";

    private final TypeSchema v1;
    private final TypeSchema v2;

    AutoscalerConversion(TypeSchema v1, TypeSchema v2) {
        this.v1 = v1;
        this.v2 = v2;
    }

    ObjectNode toV2(ObjectNode object) {
        var annotations = takeAnnotations(object);
        var spec = object.withObjectProperty("spec");
        var metrics = nodes().arrayNode();
        part(annotations.get(METRICS), "spec", "metrics", AutoscalerMetrics::specOfOld)
                .ifPresent(others -> metrics.addAll((ArrayNode) others));
        var target = spec.remove(CPU_TARGET);
        if (target != null) {
            metrics.add(AutoscalerDefaults.cpu(nodes().objectNode(), target.asInt()));
        }
        if (!metrics.isEmpty()) {
            spec.set("metrics", metrics);
        }
        behavior(annotations.get(BEHAVIOR)).ifPresent(behavior -> spec.set("behavior", behavior));
        var status = object.withObjectProperty("status");
        var current = status.remove(CPU_CURRENT);
        if (current != null) {
            status.putArray("currentMetrics")
                    .addObject()
                    .put("type", "Resource")
                    .putObject("resource")
                    .put("name", "cpu")
                    .putObject("current")
                    .set("averageUtilization", current);
        }
        part(annotations.get(STATUSES), "status", "currentMetrics", AutoscalerMetrics::statusOfOld)
                .ifPresent(all -> status.set("currentMetrics", all));
        part(annotations.get(CONDITIONS), "status", "conditions", condition -> condition)
                .ifPresent(all -> status.set("conditions", all));
        return TypedReader.read(object, v2);
    }

    ObjectNode toV1(ObjectNode object) {
        takeAnnotations(object);
        var added = new TreeMap<String, String>();
        var spec = object.withObjectProperty("spec");
        var others = nodes().arrayNode();
        for (var metric : spec.path("metrics")) {
            if (!isCpuUtilization(metric)) {
                others.add(AutoscalerMetrics.oldSpec(metric));
            } else if (!spec.has(CPU_TARGET)) {
                spec.set(CPU_TARGET, metric.at("/resource/target/averageUtilization"));
            }
        }
        if (!others.isEmpty()) {
            added.put(METRICS, text(others));
        }
        if (spec.path("behavior") instanceof ObjectNode behavior) {
            added.put(BEHAVIOR, text(AutoscalerMetrics.oldBehavior(behavior)));
        }
        var status = object.withObjectProperty("status");
        var statuses = nodes().arrayNode();
        for (var metric : status.path("currentMetrics")) {
            statuses.add(AutoscalerMetrics.oldStatus(metric));
            var used = metric.at("/resource/current/averageUtilization");
            if (metric.at("/resource/name").asText().equals("cpu") && used.isNumber()) {
                status.set(CPU_CURRENT, used);
            }
        }
        if (!statuses.isEmpty()) {
            added.put(STATUSES, text(statuses));
        }
        if (!status.path("conditions").isEmpty()) {
            added.put(CONDITIONS, text(status.path("conditions")));
        }
        if (!added.isEmpty()) {
            annotate(object, added);
        }
        return TypedReader.read(object, v1);
    }

    private static boolean isCpuUtilization(JsonNode metric) {
        return metric.path("type").asText().equals("Resource")
                && metric.at("/resource/name").asText().equals("cpu")
                && metric.at("/resource/target").has("averageUtilization");
    }

    /** The list of an annotation in the form that a field of v2 has. */
    private Optional<JsonNode> part(
            @Nullable String annotation, String parent, String field, AutoscalerMetrics.Change change) {
        if (annotation == null) {
            return Optional.empty();
        }
        try {
            var whole = nodes().objectNode();
            var list = whole.putObject(parent).putArray(field);
            for (var item : Json.tree(annotation)) {
                list.add(change.of(item));
            }
            return Optional.of(TypedReader.read(whole, v2).path(parent).path(field));
        } catch (DecodeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<JsonNode> behavior(@Nullable String annotation) {
        if (annotation == null) {
            return Optional.empty();
        }
        try {
            var whole = nodes().objectNode();
            whole.putObject("spec").set("behavior", AutoscalerMetrics.behaviorOfOld(Json.tree(annotation)));
            var behavior = TypedReader.read(whole, v2).path("spec").path("behavior");
            return behavior.isEmpty() ? Optional.empty() : Optional.of(behavior);
        } catch (DecodeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<String, String> takeAnnotations(ObjectNode object) {
        var taken = new TreeMap<String, String>();
        if (object.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            for (String name : ALL) {
                var value = annotations.remove(name);
                if (value != null) {
                    taken.put(name, value.asText());
                }
            }
            if (annotations.isEmpty()) {
                ((ObjectNode) object.path("metadata")).remove("annotations");
            }
        }
        return taken;
    }

    private static void annotate(ObjectNode object, Map<String, String> more) {
        var annotations = object.withObjectProperty("metadata").withObjectProperty("annotations");
        var added = new TreeMap<>(more);
        annotations
                .properties()
                .forEach(e -> added.putIfAbsent(e.getKey(), e.getValue().asText()));
        annotations.removeAll();
        added.forEach(annotations::put);
    }

    /** JSON as Go writes it, which also escapes what HTML could mistake. */
    private static String text(JsonNode node) {
        return Json.text(node).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static JsonNodeFactory nodes() {
        return JsonNodeFactory.instance;
    }
}
