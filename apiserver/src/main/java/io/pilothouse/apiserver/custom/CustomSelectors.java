package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.ResourceBuilder;
import io.pilothouse.machinery.jsonpath.JsonPath;

/** The fields by which custom resources can be selected. */
final class CustomSelectors {
    private CustomSelectors() {}

    /** @param path a simple path such as {@code .spec.color}, which selectors name without its dot */
    static void add(ResourceBuilder builder, String path) {
        var reader = JsonPath.parse(path);
        builder.selectable(path.substring(1), object -> {
            var found = reader.find(object);
            return found.isEmpty() ? "" : text(found.getFirst());
        });
    }

    private static String text(JsonNode value) {
        return value.isContainerNode() || value.isNull() ? "" : value.asText();
    }
}
