package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One step of a path: a field, an element of a list by its keys or its value, or a place in a list. Ordered as upstream orders them. */
sealed interface PathElement extends Comparable<PathElement> {

    record Field(String name) implements PathElement {
        @Override
        public String toString() {
            return "." + name;
        }
    }

    /** The key fields and their values, by name. */
    record Key(NavigableMap<String, JsonNode> fields) implements PathElement {
        public Key {
            fields = new TreeMap<>(fields);
        }

        @Override
        public String toString() {
            return fields.entrySet().stream()
                    .map(e -> e.getKey() + "=" + Json.text(e.getValue()))
                    .collect(Collectors.joining(",", "[", "]"));
        }
    }

    record Value(JsonNode value) implements PathElement {
        @Override
        public String toString() {
            return "[=" + Json.text(value) + "]";
        }
    }

    record Index(int index) implements PathElement {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /** The form of a FieldsV1 key. */
    default String serialized() {
        return switch (this) {
            case Field f -> "f:" + f.name();
            case Key k -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                k.fields().forEach(node::set);
                yield "k:" + Json.text(node);
            }
            case Value v -> "v:" + Json.text(v.value());
            case Index i -> "i:" + i.index();
        };
    }

    /** Reads the form of a FieldsV1 key; fails with a {@link DecodeException}. */
    static PathElement parse(String text) {
        if (text.length() < 2 || text.charAt(1) != ':') {
            throw new DecodeException("missing colon: " + text);
        }
        String rest = text.substring(2);
        return switch (text.charAt(0)) {
            case 'f' -> new Field(rest);
            case 'v' -> new Value(Json.tree(rest));
            case 'i' -> index(rest);
            case 'k' -> {
                JsonNode node = Json.tree(rest);
                if (!node.isObject()) {
                    throw new DecodeException("expected an object of keys: " + text);
                }
                TreeMap<String, JsonNode> fields = new TreeMap<>();
                node.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
                yield new Key(fields);
            }
            default -> throw new DecodeException("unknown path element: " + text);
        };
    }

    private static Index index(String text) {
        try {
            return new Index(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new DecodeException("invalid index: " + text, e);
        }
    }

    private int rank() {
        return switch (this) {
            case Field f -> 0;
            case Key k -> 1;
            case Value v -> 2;
            case Index i -> 3;
        };
    }

    @Override
    default int compareTo(PathElement other) {
        if (this instanceof Field f && other instanceof Field o) {
            return f.name().compareTo(o.name()); // most are
        }
        if (rank() != other.rank()) {
            return Integer.compare(rank(), other.rank());
        }
        return switch (this) {
            case Field f -> f.name().compareTo(((Field) other).name());
            case Key k -> compare(k.fields(), ((Key) other).fields());
            case Value v -> Values.compare(v.value(), ((Value) other).value());
            case Index i -> Integer.compare(i.index(), ((Index) other).index());
        };
    }

    private static int compare(Map<String, JsonNode> a, Map<String, JsonNode> b) {
        var left = a.entrySet().iterator();
        var right = b.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            var x = left.next();
            var y = right.next();
            int byName = x.getKey().compareTo(y.getKey());
            int order = byName != 0 ? byName : Values.compare(x.getValue(), y.getValue());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }
}
