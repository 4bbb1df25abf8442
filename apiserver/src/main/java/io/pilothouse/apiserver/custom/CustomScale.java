package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;

/** The scale subresource of a custom resource: simple paths to its parts. */
final class CustomScale {
    private CustomScale() {}

    static ScaleMapping mapping(JsonNode scale) {
        String selector = scale.path("labelSelectorPath").asText();
        return new ScaleMapping(
                inside(scale.path("specReplicasPath")),
                inside(scale.path("statusReplicasPath")),
                object -> selector.isEmpty()
                        ? ""
                        : at(object, selector.substring(1)).asText());
    }

    private static String inside(JsonNode path) {
        return path.asText().substring(1);
    }

    private static JsonNode at(JsonNode object, String path) {
        JsonNode node = object;
        for (String step : path.split("\\.", -1)) {
            node = node.path(step);
        }
        return node;
    }

    /** What is wrong with an object's counts. */
    static List<FieldError> validate(ObjectNode object, JsonNode scale) {
        if (!scale.has("specReplicasPath")) {
            return List.of();
        }
        String path = inside(scale.path("specReplicasPath"));
        var replicas = at(object, path);
        if (!replicas.isNumber()) {
            return List.of();
        }
        var field = FieldPath.of(scale.path("specReplicasPath").asText());
        if (replicas.longValue() < 0) {
            return List.of(FieldError.invalid(field, replicas.longValue(), "should be a non-negative integer"));
        }
        return replicas.longValue() > Integer.MAX_VALUE
                ? List.of(FieldError.invalid(
                        field, replicas.longValue(), "should be less than or equal to " + Integer.MAX_VALUE))
                : List.of();
    }
}
