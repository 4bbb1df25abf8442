package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trees of JSON as values that expressions see without knowing their types, and the way back. */
final class CelTrees {
    private CelTrees() {}

    static Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> out = new LinkedHashMap<>();
                node.properties().forEach(e -> out.put(e.getKey(), value(e.getValue())));
                yield out;
            }
            case ARRAY -> {
                List<Object> out = new ArrayList<>(node.size());
                node.forEach(e -> out.add(value(e)));
                yield out;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : (Object) node.doubleValue();
            default -> NullValue.NULL_VALUE;
        };
    }

    /** @throws IllegalArgumentException for what JSON has no form for */
    static JsonNode tree(Object value) {
        var nodes = JsonNodeFactory.instance;
        return switch (value) {
            case String text -> nodes.textNode(text);
            case Boolean flag -> nodes.booleanNode(flag);
            case Long number -> nodes.numberNode(number);
            case Integer number -> nodes.numberNode(number);
            case UnsignedLong number -> nodes.numberNode(number.bigIntegerValue());
            case Double number -> nodes.numberNode(number);
            case NullValue none -> nodes.nullNode();
            case CelByteString bytes -> nodes.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Instant time -> nodes.textNode(time.toString());
            case Duration duration -> nodes.textNode(duration.toNanos() / 1e9 + "s");
            case Optional<?> optional -> optional.<JsonNode>map(CelTrees::tree).orElse(nodes.nullNode());
            case List<?> list -> {
                ArrayNode out = nodes.arrayNode();
                list.forEach(e -> out.add(tree(e)));
                yield out;
            }
            case Map<?, ?> map -> {
                ObjectNode out = nodes.objectNode();
                map.forEach((k, v) -> out.set(String.valueOf(k), tree(v)));
                yield out;
            }
            default ->
                throw new IllegalArgumentException(
                        "no JSON form of " + value.getClass().getSimpleName());
        };
    }
}
