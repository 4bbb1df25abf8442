package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a parsed body as an object of a type, the way that Go's decoder fills a struct and its encoder writes it again: unknown fields
 * go, values take their canonical form, null is absent, empty values are written or left out by each field's rules. Wrong values fail
 * with a {@link DecodeException}; what strict validation refuses fails with a {@link StrictDecodingException}. The result shares
 * no containers with the input.
 */
public final class TypedReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final StrictErrors errors = new StrictErrors();

    private TypedReader() {}

    /** Reads a body, with what strict validation has to say of its text. */
    public static ObjectNode read(
            Document document, TypeSchema type, FieldValidation validation, Consumer<String> warnings) {
        return read(document.root(), document.strictErrors(), type, validation, warnings);
    }

    /** Reads a tree. */
    public static ObjectNode read(
            JsonNode raw, TypeSchema type, FieldValidation validation, Consumer<String> warnings) {
        return read(raw, List.of(), type, validation, warnings);
    }

    /** Reads a tree that a server made; unknown fields are dropped. */
    public static ObjectNode read(JsonNode raw, TypeSchema type) {
        return read(raw, List.of(), type, FieldValidation.IGNORE, w -> {});
    }

    /** Reads a part of an object that stands at a field; what is unknown in it is added to the list. */
    static ObjectNode readAt(JsonNode raw, TypeSchema type, String field, List<String> unknown) {
        TypedReader reader = new TypedReader();
        ObjectNode object = reader.object(raw.isNull() ? NODES.objectNode() : raw, type, Trail.ROOT.child(field), type);
        unknown.addAll(reader.errors.all());
        return object;
    }

    private static ObjectNode read(
            JsonNode raw, List<String> ofText, TypeSchema type, FieldValidation validation, Consumer<String> warnings) {
        TypedReader reader = new TypedReader();
        ObjectNode object =
                reader.object(raw.isNull() || raw.isMissingNode() ? NODES.objectNode() : raw, type, Trail.ROOT, type);
        report(ofText, reader.errors.all(), validation, warnings);
        return object;
    }

    /** Warns of or refuses what was found; errors of YAML text are joined as its reader joins them. */
    static void report(
            List<String> ofText, Collection<String> ofFields, FieldValidation validation, Consumer<String> warnings) {
        if (validation == FieldValidation.IGNORE || (ofText.isEmpty() && ofFields.isEmpty())) {
            return;
        }
        if (validation == FieldValidation.WARN) {
            ofText.forEach(warnings);
            ofFields.forEach(warnings);
            return;
        }
        List<String> all = new ArrayList<>();
        List<String> lines = ofText.stream().filter(e -> e.startsWith("line ")).toList();
        if (!lines.isEmpty()) {
            all.add("yaml: unmarshal errors:\n  " + String.join("\n  ", lines));
        }
        ofText.stream().filter(e -> !e.startsWith("line ")).forEach(all::add);
        all.addAll(ofFields);
        throw new StrictDecodingException(all);
    }

    private ObjectNode object(JsonNode raw, TypeSchema type, Trail trail, TypeSchema struct) {
        if (!raw.isObject()) {
            throw mismatch(raw, type, trail, struct);
        }
        @Nullable JsonNode[] values = new JsonNode[type.fields().size()];
        for (Map.Entry<String, JsonNode> e : raw.properties()) {
            FieldSchema field = type.field(e.getKey());
            if (field == null) {
                if (!errors.isFull()) {
                    errors.add("unknown field "
                            + GoText.quote(trail.child(e.getKey()).toString()));
                }
            } else if (!e.getValue().isNull()) {
                values[field.index()] = value(e.getValue(), field.type(), trail.child(e.getKey()), type);
            }
        }
        return type.assemble(values);
    }

    private JsonNode value(JsonNode raw, TypeSchema type, Trail trail, TypeSchema struct) {
        return switch (type.kind()) {
            case OBJECT -> object(raw, type, trail, struct);
            case LIST -> list(raw, type, trail, struct);
            case MAP -> map(raw, type, trail, struct);
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> union(raw, type, trail, struct);
            case RAW, JSON, FIELDS, ANY -> raw.deepCopy();
            default -> {
                JsonNode read = Scalars.read(raw, type.kind());
                if (read == null) {
                    throw mismatch(raw, type, trail, struct);
                }
                yield read;
            }
        };
    }

    private JsonNode list(JsonNode raw, TypeSchema type, Trail trail, TypeSchema struct) {
        if (!raw.isArray()) {
            throw mismatch(raw, type, trail, struct);
        }
        ArrayNode out = NODES.arrayNode(raw.size());
        for (int i = 0; i < raw.size(); i++) {
            JsonNode element = raw.get(i);
            out.add(element.isNull() ? zero(type.element()) : value(element, type.element(), trail.index(i), struct));
        }
        return out;
    }

    private JsonNode map(JsonNode raw, TypeSchema type, Trail trail, TypeSchema struct) {
        if (!raw.isObject()) {
            throw mismatch(raw, type, trail, struct);
        }
        ObjectNode out = NODES.objectNode();
        for (Map.Entry<String, JsonNode> e : raw.properties()) {
            JsonNode element = e.getValue();
            out.set(
                    e.getKey(),
                    element.isNull()
                            ? zero(type.element())
                            : value(element, type.element(), trail.key(e.getKey()), struct));
        }
        return out;
    }

    private JsonNode union(JsonNode raw, TypeSchema type, Trail trail, TypeSchema struct) {
        if (raw.isObject()) {
            return object(raw, type.element(), trail, struct);
        }
        return switch (type.kind()) {
            case SCHEMA_OR_BOOL -> {
                if (!raw.isBoolean()) {
                    throw new DecodeException("boolean or JSON schema expected");
                }
                yield raw;
            }
            case SCHEMA_OR_ARRAY -> {
                ArrayNode out = NODES.arrayNode();
                for (int i = 0; i < raw.size(); i++) {
                    out.add(object(raw.get(i), type.element(), trail.index(i), struct));
                }
                yield out;
            }
            default -> {
                raw.forEach(e -> {
                    if (!e.isTextual()) {
                        throw new DecodeException(
                                "json: cannot unmarshal " + Json.text(e) + " into Go value of type string");
                    }
                });
                yield raw.deepCopy();
            }
        };
    }

    private static JsonNode zero(TypeSchema type) {
        return switch (type.kind()) {
            case OBJECT -> type.emptyObject();
            case STRING -> NODES.textNode("");
            case QUANTITY -> NODES.textNode("0");
            case BOOLEAN -> NODES.booleanNode(false);
            case INT32, INT64, DOUBLE, INT_OR_STRING -> NODES.numberNode(0);
            default -> NODES.nullNode();
        };
    }

    private static DecodeException mismatch(JsonNode raw, TypeSchema type, Trail trail, TypeSchema struct) {
        String what = switch (raw.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER ->
                raw.isFloatingPointNumber() || type.kind().goName().startsWith("int")
                        ? "number " + Json.text(raw)
                        : "number";
            default -> "null";
        };
        String fields = trail.fields();
        String where = fields.isEmpty() ? "Go value" : "Go struct field " + struct.shortName() + "." + fields;
        String wanted = type.kind() == Kind.INT_OR_STRING ? Kind.INT32.goName() : type.goName();
        return new DecodeException("json: cannot unmarshal " + what + " into " + where + " of type " + wanted);
    }
}
