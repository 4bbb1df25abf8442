package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One step of a path: a field, an element of a list by its keys or its value, or a place in a list. Ordered as upstream orders them. */
sealed interface PathElement extends Comparable<PathElement> {

    /** The form of a FieldsV1 key. */
    String serialized();

    /** Where its sort stands among the others. */
    int rank();

    /** @param other of the same sort */
    int compareSame(PathElement other);

    @Override
    default int compareTo(PathElement other) {
        if (this instanceof Field f && other instanceof Field o) {
            return f.name().compareTo(o.name()); // most are
        }
        return rank() == other.rank() ? compareSame(other) : Integer.compare(rank(), other.rank());
    }

    record Field(String name) implements PathElement {
        @Override
        public String serialized() {
            return "f:" + name;
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int compareSame(PathElement other) {
            return name.compareTo(((Field) other).name);
        }

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
        public String serialized() {
            return fields.entrySet().stream()
                    .map(key -> Json.text(JsonNodeFactory.instance.textNode(key.getKey())) + ":"
                            + Json.text(key.getValue()))
                    .collect(Collectors.joining(",", "k:{", "}"));
        }

        @Override
        public int rank() {
            return 1;
        }

        @Override
        public int compareSame(PathElement other) {
            return compare(fields, ((Key) other).fields);
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
        public String serialized() {
            return "v:" + Json.text(value);
        }

        @Override
        public int rank() {
            return 2;
        }

        @Override
        public int compareSame(PathElement other) {
            return Values.compare(value, ((Value) other).value);
        }

        @Override
        public String toString() {
            return "[=" + Json.text(value) + "]";
        }
    }

    record Index(int index) implements PathElement {
        @Override
        public String serialized() {
            return "i:" + index;
        }

        @Override
        public int rank() {
            return 3;
        }

        @Override
        public int compareSame(PathElement other) {
            return Integer.compare(index, ((Index) other).index);
        }

        @Override
        public String toString() {
            return "[" + index + "]";
        }
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
