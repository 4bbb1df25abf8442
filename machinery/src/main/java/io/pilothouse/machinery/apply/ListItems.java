package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The elements of an associative list under the path elements that identify them. */
record ListItems(List<PathElement> order, NavigableMap<PathElement, List<JsonNode>> byElement) {

    /** Indexes a list; elements that can't be identified fail with an {@link ApplyException}. */
    static ListItems of(@Nullable JsonNode list, TypeSchema type, Shape shape, List<PathElement> path) {
        List<PathElement> order = new ArrayList<>();
        TreeMap<PathElement, List<JsonNode>> items = new TreeMap<>();
        if (list != null) {
            for (JsonNode item : list) {
                PathElement element = shape == Shape.SET ? value(item, path) : key(item, type, path);
                order.add(element);
                items.computeIfAbsent(element, e -> new ArrayList<>()).add(item);
            }
        }
        return new ListItems(order, items);
    }

    /** The only element of that identity; null for none or several. */
    @Nullable
    JsonNode single(PathElement element) {
        List<JsonNode> found = byElement.get(element);
        return found != null && found.size() == 1 ? found.getFirst() : null;
    }

    List<JsonNode> all(PathElement element) {
        return byElement.getOrDefault(element, List.of());
    }

    private static PathElement value(JsonNode item, List<PathElement> path) {
        if (item.isNull() || item.isContainerNode()) {
            String what = item.isNull() ? "an explicit null" : item.isArray() ? "a list type" : "a map type";
            throw new ApplyException(path, "associative list without keys has an element that's " + what);
        }
        return new PathElement.Value(item);
    }

    private static PathElement key(JsonNode item, TypeSchema list, List<PathElement> path) {
        if (!item.isObject()) {
            throw new ApplyException(
                    path,
                    item.isNull()
                            ? "associative list with keys may not have a null element"
                            : "associative list with keys may not have non-map elements");
        }
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        for (String name : list.mapKeys()) {
            JsonNode value = item.get(name);
            FieldSchema field = list.element().field(name);
            if (value != null && !value.isNull()) {
                fields.put(name, value);
            } else if (field != null && field.defaultValue() != null) {
                fields.put(name, field.defaultValue());
            }
        }
        // Of several keys some may be missing: optional ones, as the share of a device is.
        if (fields.isEmpty() && !item.has(list.mapKeys().getFirst())) {
            throw new ApplyException(
                    path,
                    "associative list with keys has an element that omits key field \""
                            + list.mapKeys().getFirst() + "\" (and doesn't have default value)");
        }
        return new PathElement.Key(fields);
    }
}
