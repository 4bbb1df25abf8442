package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.ProtoPlan;
import io.pilothouse.machinery.schema.TypeSchema;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads protobuf messages into trees; fields that the schema does not know are skipped, as Go does. One use, one thread. */
final class ProtobufReader {
    private static final int MAX_DEPTH = 300;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final WireReader in;
    private int depth;

    ProtobufReader(WireReader in) {
        this.in = in;
    }

    /** An object's message, up to the given position. */
    ObjectNode object(TypeSchema type, int end) {
        @Nullable JsonNode[] values = new JsonNode[type.fields().size()];
        fields(type.plan(), values, end);
        return type.assemble(values);
    }

    private void fields(ProtoPlan plan, @Nullable JsonNode[] values, int end) {
        if (++depth > MAX_DEPTH) {
            throw new DecodeException("protobuf message is nested too deeply");
        }
        while (in.position() < end) {
            int tag = in.tag();
            ProtoPlan.Entry entry = plan.byNumber(tag >>> 3);
            if (entry == null) {
                in.skip(tag & 7);
            } else if (entry.field() == null) {
                fields(entry.group(), values, in.end(tag & 7));
            } else {
                field(entry.field(), values, tag & 7);
            }
        }
        depth--;
    }

    private void field(FieldSchema field, @Nullable JsonNode[] values, int wireType) {
        TypeSchema type = field.type();
        int i = field.index();
        if (type.kind() == Kind.LIST && !type.isWrapped()) {
            ArrayNode list = values[i] instanceof ArrayNode known ? known : NODES.arrayNode();
            values[i] = list;
            list.add(value(type.element(), wireType));
        } else if (type.kind() == Kind.MAP) {
            ObjectNode map = values[i] instanceof ObjectNode known ? known : NODES.objectNode();
            values[i] = map;
            entry(map, type.element(), in.end(wireType));
        } else {
            values[i] = value(type, wireType);
        }
    }

    private void entry(ObjectNode map, TypeSchema element, int end) {
        String key = "";
        @Nullable JsonNode value = null;
        while (in.position() < end) {
            int tag = in.tag();
            switch (tag >>> 3) {
                case 1 -> key = in.string(tag & 7);
                case 2 -> value = value(element, tag & 7);
                default -> in.skip(tag & 7);
            }
        }
        map.set(key, value != null ? value : zero(element));
    }

    private static JsonNode zero(TypeSchema type) {
        return switch (type.kind()) {
            case STRING -> NODES.textNode("");
            case QUANTITY -> NODES.textNode("0");
            case BOOLEAN -> NODES.booleanNode(false);
            case INT32, INT64, DOUBLE -> NODES.numberNode(0);
            case OBJECT -> type.emptyObject();
            default -> NODES.nullNode();
        };
    }

    private JsonNode value(TypeSchema type, int wireType) {
        return switch (type.kind()) {
            case STRING -> NODES.textNode(in.string(wireType));
            case BOOLEAN -> NODES.booleanNode(in.varint(wireType) != 0);
            case INT32 -> NODES.numberNode((int) in.varint(wireType));
            case INT64 -> integer(in.varint(wireType));
            case DOUBLE -> NODES.numberNode(Double.longBitsToDouble(in.fixed64(wireType)));
            case BYTES -> NODES.textNode(Base64.getEncoder().encodeToString(in.bytes(wireType)));
            default -> message(type, in.end(wireType));
        };
    }

    private static JsonNode integer(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private JsonNode message(TypeSchema type, int end) {
        return switch (type.kind()) {
            case OBJECT -> object(type, end);
            case LIST -> {
                ArrayNode list = NODES.arrayNode();
                while (in.position() < end) {
                    int tag = in.tag();
                    if (tag >>> 3 == 1) {
                        list.add(value(type.element(), tag & 7));
                    } else {
                        in.skip(tag & 7);
                    }
                }
                yield list;
            }
            case QUANTITY -> quantity(text(end));
            case INT_OR_STRING -> intOrString(end);
            case TIME, MICRO_TIME -> time(type.kind() == Kind.MICRO_TIME, end);
            case RAW, JSON, FIELDS -> raw(end);
            default -> union(type, end);
        };
    }

    private static JsonNode quantity(String text) {
        return NODES.textNode(text.isEmpty() ? "0" : text);
    }

    private String text(int end) {
        String text = "";
        while (in.position() < end) {
            int tag = in.tag();
            if (tag >>> 3 == 1) {
                text = in.string(tag & 7);
            } else {
                in.skip(tag & 7);
            }
        }
        return text;
    }

    private JsonNode intOrString(int end) {
        long type = 0;
        long number = 0;
        String text = "";
        while (in.position() < end) {
            int tag = in.tag();
            switch (tag >>> 3) {
                case 1 -> type = in.varint(tag & 7);
                case 2 -> number = in.varint(tag & 7);
                case 3 -> text = in.string(tag & 7);
                default -> in.skip(tag & 7);
            }
        }
        return type == 0 ? NODES.numberNode((int) number) : NODES.textNode(text);
    }

    private JsonNode time(boolean micros, int end) {
        if (in.position() >= end) {
            return NODES.nullNode();
        }
        long seconds = 0;
        long nanos = 0;
        while (in.position() < end) {
            int tag = in.tag();
            switch (tag >>> 3) {
                case 1 -> seconds = in.varint(tag & 7);
                case 2 -> nanos = in.varint(tag & 7);
                default -> in.skip(tag & 7);
            }
        }
        Instant time = Instant.ofEpochSecond(seconds, micros ? nanos : 0);
        return NODES.textNode(micros ? Times.micros(time) : Times.seconds(time));
    }

    private JsonNode raw(int end) {
        JsonNode value = NODES.nullNode();
        while (in.position() < end) {
            int tag = in.tag();
            if (tag >>> 3 == 1) {
                byte[] bytes = in.bytes(tag & 7);
                value = bytes.length == 0 ? value : Json.tree(bytes);
            } else {
                in.skip(tag & 7);
            }
        }
        return value;
    }

    /** A CRD schema's union: a schema (1, or 2 beside a boolean), a boolean (1), schemas or strings (2). */
    private JsonNode union(TypeSchema type, int end) {
        boolean bool = type.kind() == Kind.SCHEMA_OR_BOOL;
        JsonNode value = NODES.nullNode();
        ArrayNode list = NODES.arrayNode();
        while (in.position() < end) {
            int tag = in.tag();
            int wireType = tag & 7;
            if (tag >>> 3 == (bool ? 2 : 1)) {
                value = object(type.element(), in.end(wireType));
            } else if (bool && tag >>> 3 == 1) {
                boolean allowed = in.varint(wireType) != 0;
                value = value.isObject() ? value : NODES.booleanNode(allowed);
            } else if (tag >>> 3 == 2) {
                list.add(
                        type.kind() == Kind.SCHEMA_OR_STRINGS
                                ? NODES.textNode(in.string(wireType))
                                : object(type.element(), in.end(wireType)));
            } else {
                in.skip(wireType);
            }
        }
        return list.isEmpty() ? value : list;
    }
}
