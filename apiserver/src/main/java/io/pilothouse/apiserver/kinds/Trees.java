package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Small steps through object trees that defaults and validations share. */
public final class Trees {
    private Trees() {}

    /** Sets a field unless it is there. */
    public static void fill(ObjectNode node, String field, String value) {
        if (!node.hasNonNull(field) || node.get(field).asText().isEmpty()) {
            node.put(field, value);
        }
    }

    /** Sets a field unless it is there, be it as an empty text: for fields that are pointers in Go. */
    public static void fillAbsent(ObjectNode node, String field, String value) {
        if (!node.hasNonNull(field)) {
            node.put(field, value);
        }
    }

    public static void fill(ObjectNode node, String field, int value) {
        if (!node.hasNonNull(field)) {
            node.put(field, value);
        }
    }

    public static void fill(ObjectNode node, String field, boolean value) {
        if (!node.hasNonNull(field)) {
            node.put(field, value);
        }
    }

    /** Sets a number unless it is there and not 0: for fields whose zero Go cannot tell from absence. */
    public static void fillZero(ObjectNode node, String field, int value) {
        if (node.path(field).asInt(0) == 0) {
            node.put(field, value);
        }
    }

    /** Visits the object at a field, if there is one. */
    public static void with(ObjectNode node, String field, Consumer<ObjectNode> visitor) {
        if (node.get(field) instanceof ObjectNode child) {
            visitor.accept(child);
        }
    }

    /** Visits the objects of a list, if there is one. */
    public static void each(ObjectNode node, String field, Consumer<ObjectNode> visitor) {
        for (JsonNode item : node.path(field)) {
            if (item instanceof ObjectNode object) {
                visitor.accept(object);
            }
        }
    }

    public static List<String> strings(JsonNode array) {
        var out = new ArrayList<String>();
        array.forEach(v -> out.add(v.asText()));
        return out;
    }
}
