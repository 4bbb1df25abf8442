package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.jsonpath.JsonPath;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The printer columns of a custom resource. */
final class CustomColumns {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private CustomColumns() {}

    static List<Column> of(JsonNode declared) {
        var out = new ArrayList<Column>();
        out.add(TableWriter.name());
        if (declared.isEmpty()) {
            out.add(column("Age", "date", "", TableWriter.AGE_TEXT, 0, ".metadata.creationTimestamp"));
        }
        for (var column : declared) {
            String path = column.path("jsonPath").asText();
            String text = column.path("description").asText();
            out.add(column(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    column.path("format").asText(),
                    text.isEmpty() ? "Custom resource definition column (in JSONPath format): " + path : text,
                    column.path("priority").asInt(),
                    path));
        }
        return out;
    }

    private static Column column(String name, String type, String format, String text, int priority, String path) {
        var reader = JsonPath.parse(path);
        return new Column(name, type, format, text, priority, (object, now) -> {
            var found = reader.find(object);
            return found.isEmpty() ? NODES.nullNode() : cell(type, found.getFirst(), now);
        });
    }

    private static JsonNode cell(String type, JsonNode value, Instant now) {
        return switch (type) {
            case "string" -> NODES.textNode(printed(value));
            case "integer" -> value.isNumber() ? NODES.numberNode(value.longValue()) : NODES.nullNode();
            case "number" -> value.isNumber() ? value : NODES.nullNode();
            case "boolean" -> value.isBoolean() ? value : NODES.nullNode();
            case "date" -> value.isTextual() ? NODES.textNode(age(value.textValue(), now)) : NODES.nullNode();
            default -> NODES.nullNode();
        };
    }

    private static String printed(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.isNull() ? "<nil>" : Json.text(Json.sorted(value));
    }

    private static String age(String time, Instant now) {
        if (time.isEmpty() || time.equals("null")) {
            return "<unknown>";
        }
        try {
            return TableWriter.since(Instant.parse(time), now);
        } catch (DateTimeException e) {
            return "<invalid>";
        }
    }
}
