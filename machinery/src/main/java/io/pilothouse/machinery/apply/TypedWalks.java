package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field set of an object, and an object without some of its fields. */
final class TypedWalks {
    private TypedWalks() {}

    /** What an applied object owns: its leaves, the elements of its lists, the entries of its maps. */
    static FieldSet fieldSet(JsonNode object, TypeSchema type) {
        FieldSet out = new FieldSet();
        collect(object, type, false, List.of(), out);
        return out;
    }

    /** Adds what is owned below a value; answers whether the value's own path is owned. */
    private static boolean collect(
            JsonNode value, TypeSchema type, boolean granular, List<PathElement> path, FieldSet below) {
        Shape shape = Shape.of(type, granular, value);
        switch (shape) {
            case LEAF -> {
                return true;
            }
            case FIELDS -> {
                for (Map.Entry<String, JsonNode> e : value.properties()) {
                    PathElement element = new PathElement.Field(e.getKey());
                    FieldSet inner = new FieldSet();
                    boolean owned = collect(
                            e.getValue(),
                            Shape.member(type, e.getKey()),
                            Shape.isGranular(type, e.getKey()),
                            Steps.append(path, element),
                            inner);
                    boolean empty = e.getValue().isNull()
                            || (e.getValue().isObject() && e.getValue().isEmpty());
                    below.put(element, owned || empty || type.field(e.getKey()) == null, inner);
                }
            }
            case SET, KEYED -> {
                ListItems items = ListItems.of(value, type, shape, path);
                for (PathElement element : items.order()) {
                    FieldSet inner = new FieldSet();
                    for (JsonNode item : items.all(element)) {
                        collect(item, type.element(), false, Steps.append(path, element), inner);
                    }
                    below.put(element, true, inner);
                }
            }
        }
        return false;
    }

    /** The object without the members of the set; what is emptied by it becomes null. */
    static JsonNode remove(
            JsonNode value, TypeSchema type, boolean granular, FieldSet removed, List<PathElement> path) {
        if (removed.isEmpty()) {
            return value;
        }
        Shape shape = Shape.of(type, granular, value);
        JsonNode out = switch (shape) {
            case LEAF -> value;
            case FIELDS -> withoutFields(value, type, removed, path);
            case SET, KEYED -> withoutItems(value, type, shape, removed, path);
        };
        return out.isEmpty() && !value.isEmpty() ? JsonNodeFactory.instance.nullNode() : out;
    }

    private static ObjectNode withoutFields(JsonNode value, TypeSchema type, FieldSet removed, List<PathElement> path) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> e : value.properties()) {
            PathElement.Field element = new PathElement.Field(e.getKey());
            if (!removed.has(element)) {
                out.set(
                        e.getKey(),
                        remove(
                                e.getValue(),
                                Shape.member(type, e.getKey()),
                                Shape.isGranular(type, e.getKey()),
                                removed.below(element),
                                Steps.append(path, element)));
            }
        }
        return out;
    }

    private static ArrayNode withoutItems(
            JsonNode value, TypeSchema type, Shape shape, FieldSet removed, List<PathElement> path) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        ListItems items = ListItems.of(value, type, shape, path);
        for (int i = 0; i < value.size(); i++) {
            PathElement element = items.order().get(i);
            if (!removed.has(element)) {
                out.add(remove(
                        value.get(i), type.element(), false, removed.below(element), Steps.append(path, element)));
            }
        }
        return out;
    }

    static boolean isEmpty(@Nullable JsonNode value) {
        return value == null || value.isNull() || value.isEmpty();
    }
}
