package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.jsonpath.JsonPath;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        return new Column(name, type, format, text, priority, new PathCell(type, JsonPath.parse(path)));
    }

    /** Reads what a path leads to. */
    private record PathCell(String type, JsonPath path) implements Column.Cell {
        @Override
        public JsonNode of(ObjectNode object, Instant now) {
            var found = path.find(object);
            if (found.isEmpty()) {
                return NODES.nullNode();
            }
            var value = found.getFirst();
            return type.equals("date") && value.isTextual()
                    ? NODES.textNode(age(value.textValue()).at(now))
                    : cell(type, value);
        }

        @Override
        public @Nullable Aged aged(ObjectNode object) {
            if (!type.equals("date")) {
                return null;
            }
            var found = path.find(object);
            return found.isEmpty() || !found.getFirst().isTextual()
                    ? null
                    : age(found.getFirst().textValue());
        }
    }

    private static JsonNode cell(String type, JsonNode value) {
        return switch (type) {
            case "string" -> NODES.textNode(printed(value));
            case "integer" -> value.isNumber() ? NODES.numberNode(value.longValue()) : NODES.nullNode();
            case "number" -> value.isNumber() ? value : NODES.nullNode();
            case "boolean" -> value.isBoolean() ? value : NODES.nullNode();
            default -> NODES.nullNode();
        };
    }

    private static String printed(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.isNull() ? "<nil>" : Json.text(Json.sorted(value));
    }

    private static Aged age(String time) {
        if (time.isEmpty() || time.equals("null")) {
            return Aged.never("<unknown>");
        }
        try {
            return Aged.since(Instant.parse(time));
        } catch (DateTimeException e) {
            return Aged.never("<invalid>");
        }
    }
}
