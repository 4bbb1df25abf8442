package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.ProtoPlan;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes trees as the Go code that gogo generates does: fields descending into a buffer that grows to the front, maps by key. */
final class ProtobufWriter {
    private static final JsonNode ABSENT = MissingNode.getInstance();

    private final BackwardBuffer out;

    ProtobufWriter(BackwardBuffer out) {
        this.out = out;
    }

    /** The fields of an object, without a head. */
    void object(JsonNode object, ProtoPlan plan) {
        for (int i = plan.size() - 1; i >= 0; i--) {
            ProtoPlan.Entry entry = plan.entry(i);
            FieldSchema field = entry.field();
            if (field == null) {
                int before = out.size();
                object(object, entry.group());
                out.head(entry.number(), before);
            } else {
                JsonNode value = object.get(field.name());
                field(entry.number(), field, value == null || value.isNull() ? ABSENT : value);
            }
        }
    }

    private void field(int number, FieldSchema field, JsonNode value) {
        TypeSchema type = field.type();
        switch (type.kind()) {
            case LIST -> {
                if (type.isWrapped()) {
                    value(number, type, value);
                } else {
                    for (int i = value.size() - 1; i >= 0; i--) {
                        value(number, type.element(), value.get(i));
                    }
                }
            }
            case MAP -> map(number, type.element(), value);
            case BYTES -> {
                if (!value.isMissingNode()) {
                    value(number, type, value);
                }
            }
            default -> {
                if (!value.isMissingNode() || !field.pointer()) {
                    value(number, type, value);
                }
            }
        }
    }

    private void map(int number, TypeSchema element, JsonNode map) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>(Utf8Order.INSTANCE);
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            sorted.put(e.getKey(), e.getValue());
        }
        sorted.descendingMap().forEach((key, value) -> {
            int before = out.size();
            value(2, element, value.isNull() ? ABSENT : value);
            out.stringField(1, key);
            out.head(number, before);
        });
    }

    /** One value with its head; an absent one as Go's zero value. */
    private void value(int number, TypeSchema type, JsonNode value) {
        switch (type.kind()) {
            case STRING -> out.stringField(number, value.asText(""));
            case BOOLEAN -> out.varintField(number, value.asBoolean(false) ? 1 : 0);
            case INT32, INT64 -> out.varintField(number, value.asLong(0));
            case DOUBLE -> {
                out.fixed64(Double.doubleToRawLongBits(value.asDouble(0)));
                out.tag(number, 1);
            }
            case BYTES -> out.bytesField(number, bytes(value));
            default -> {
                int before = out.size();
                message(type, value);
                out.head(number, before);
            }
        }
    }

    private static byte[] bytes(JsonNode value) {
        return value.isMissingNode() ? new byte[0] : Base64.getDecoder().decode(value.asText());
    }

    private void message(TypeSchema type, JsonNode value) {
        switch (type.kind()) {
            case OBJECT -> object(value, type.plan());
            case LIST -> {
                for (int i = value.size() - 1; i >= 0; i--) {
                    value(1, type.element(), value.get(i));
                }
            }
            case QUANTITY -> out.stringField(1, value.isMissingNode() ? "0" : value.asText());
            case INT_OR_STRING -> intOrString(value);
            case TIME -> time(value, false);
            case MICRO_TIME -> time(value, true);
            case RAW, JSON, FIELDS -> {
                if (!value.isMissingNode() && !value.isNull()) {
                    out.bytesField(1, Json.write(value));
                }
            }
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> union(type, value);
            default -> throw new IllegalArgumentException("no protobuf form of " + type);
        }
    }

    private void intOrString(JsonNode value) {
        boolean text = value.isTextual();
        out.stringField(3, text ? value.textValue() : "");
        out.varintField(2, text ? 0 : value.asLong(0));
        out.varintField(1, text ? 1 : 0);
    }

    private void time(JsonNode value, boolean micros) {
        if (!value.isTextual()) {
            return;
        }
        Instant time = micros ? Times.parseMicros(value.textValue()) : Times.parseSeconds(value.textValue());
        out.varintField(2, time.getNano());
        out.varintField(1, time.getEpochSecond());
    }

    private void union(TypeSchema type, JsonNode value) {
        @Nullable JsonNode schema = value.isObject() ? value : null;
        switch (type.kind()) {
            case SCHEMA_OR_ARRAY -> elements(value, 2, type.element());
            case SCHEMA_OR_STRINGS -> strings(value);
            default -> {}
        }
        boolean bool = type.kind() == io.pilothouse.machinery.schema.Kind.SCHEMA_OR_BOOL;
        if (schema != null) {
            value(bool ? 2 : 1, type.element(), schema);
        }
        if (bool) {
            // an object stands for itself and for "allowed"
            out.varintField(1, schema != null || value.asBoolean(false) ? 1 : 0);
        }
    }

    private void elements(JsonNode list, int number, TypeSchema element) {
        if (list.isArray()) {
            for (int i = list.size() - 1; i >= 0; i--) {
                value(number, element, list.get(i));
            }
        }
    }

    private void strings(JsonNode list) {
        if (list.isArray()) {
            List<String> texts = new ArrayList<>();
            list.forEach(e -> texts.add(e.asText()));
            for (int i = texts.size() - 1; i >= 0; i--) {
                out.bytesField(2, texts.get(i).getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
