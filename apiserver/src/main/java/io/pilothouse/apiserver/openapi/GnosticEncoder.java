package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.BackwardBuffer;
import io.pilothouse.machinery.codec.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Writes an OpenAPI document as the protobuf of gnostic's {@code Document}. What the format has no place for is left out. */
final class GnosticEncoder {
    private static final int CAPACITY = 1 << 16;

    private final GnosticTable table;
    private final BackwardBuffer out = new BackwardBuffer(CAPACITY);

    private GnosticEncoder(GnosticTable table) {
        this.table = table;
    }

    /** @param version 2 or 3 */
    static byte[] encode(JsonNode document, int version) {
        var encoder = new GnosticEncoder(GnosticTable.load(version));
        encoder.message(document, "Document");
        return encoder.out.toByteArray();
    }

    /** Writes a message's fields, the last first, as the buffer is filled from its end. */
    private void message(JsonNode value, String name) {
        var message = table.message(name);
        if (!message.choices().isEmpty()) {
            message.choices().stream()
                    .filter(c -> fits(value, c.name().substring(1)))
                    .findFirst()
                    .ifPresent(c -> field(c, value, true));
            return;
        }
        for (var member : inOrder(value, message)) {
            var field = message.field(member.getKey());
            if (field != null && field.isEntry()) {
                entry(field, member.getKey(), member.getValue());
            } else if (field != null) {
                field(field, member.getValue(), false);
            }
        }
    }

    /** From the highest number to the lowest, entries of one number from the last to the first: the buffer turns it around. */
    private static List<Map.Entry<String, JsonNode>> inOrder(JsonNode value, GnosticTable.Message message) {
        var members = new ArrayList<>(value.properties());
        Collections.reverse(members);
        members.sort((a, b) -> Integer.compare(number(message, b), number(message, a)));
        return members;
    }

    private static int number(GnosticTable.Message message, Map.Entry<String, JsonNode> member) {
        var field = message.field(member.getKey());
        return field == null ? 0 : field.number();
    }

    private static boolean fits(JsonNode value, String condition) {
        int equals = condition.indexOf('=');
        if (equals >= 0) {
            return value.path(condition.substring(0, equals)).asText().equals(condition.substring(equals + 1));
        }
        return switch (condition) {
            case "" -> true;
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "string" -> value.isTextual();
            default -> value.has(condition);
        };
    }

    private void entry(GnosticTable.Field field, String name, JsonNode value) {
        int before = out.size();
        field(new GnosticTable.Field(name, 2, field.type(), false), value, true);
        out.stringField(1, name);
        out.head(field.number(), before);
    }

    /** @param always whether a zero value is written too: what was chosen says so by being there */
    private void field(GnosticTable.Field field, JsonNode value, boolean always) {
        if (!field.repeated()) {
            single(field, value, always);
        } else if (value.isArray()) {
            for (int i = value.size() - 1; i >= 0; i--) {
                single(field, value.get(i), true);
            }
        } else {
            single(field, value, true);
        }
    }

    private void single(GnosticTable.Field field, JsonNode value, boolean always) {
        int number = field.number();
        switch (field.type()) {
            case "str" -> {
                if (always || !value.asText().isEmpty()) {
                    out.stringField(number, value.asText());
                }
            }
            case "bool" -> {
                if (always || value.asBoolean()) {
                    out.varintField(number, value.asBoolean() ? 1 : 0);
                }
            }
            case "int" -> {
                if (always || value.asLong() != 0) {
                    out.varintField(number, value.asLong());
                }
            }
            case "double" -> {
                if (always || value.asDouble() != 0) {
                    out.fixed64(Double.doubleToRawLongBits(value.asDouble()));
                    out.tag(number, 1);
                }
            }
            case "any" -> {
                int before = out.size();
                out.stringField(2, new String(Yaml.write(value), StandardCharsets.UTF_8));
                out.head(number, before);
            }
            default -> {
                int before = out.size();
                message(value, field.type());
                out.head(number, before);
            }
        }
    }
}
