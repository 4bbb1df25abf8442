package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of an object.
 *
 * @param index its place in the order of writing
 * @param numbers the protobuf field number, behind those of the messages that Go embeds; empty for kind and apiVersion
 * @param pointer whether Go can tell an absent value from a zero one
 * @param omitEmpty whether an empty value is left out
 * @param omitZero whether a zero struct is left out too
 * @param patchStrategies of strategic merge patches: merge, replace, retainKeys
 * @param mergeKey of strategic merge patches; empty for none
 * @param granular whether an atomic type is none here
 * @param defaultValue the declared default, where it is more than the zero value
 */
public record FieldSchema(
        String name,
        int index,
        List<Integer> numbers,
        TypeSchema type,
        boolean pointer,
        boolean omitEmpty,
        boolean omitZero,
        boolean required,
        List<String> patchStrategies,
        String mergeKey,
        boolean granular,
        @Nullable JsonNode defaultValue) {
    public FieldSchema {
        numbers = List.copyOf(numbers);
        patchStrategies = List.copyOf(patchStrategies);
    }

    /** The protobuf field number within its own message; 0 where it is not in the message. */
    public int number() {
        return numbers.isEmpty() ? 0 : numbers.getLast();
    }

    /** Whether apply treats the field as one value. */
    public boolean isAtomic() {
        return type.isAtomic() && !granular;
    }

    /** What Go writes where the field was not set; null where it writes nothing. */
    public @Nullable JsonNode absentValue() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (pointer) {
            return omitEmpty ? null : nodes.nullNode();
        }
        if (omitZero || (omitEmpty && !type.kind().isStruct())) {
            return null;
        }
        return switch (type.kind()) {
            case OBJECT -> type.emptyObject();
            case STRING -> nodes.textNode("");
            case BOOLEAN -> nodes.booleanNode(false);
            case INT32, INT64, DOUBLE, INT_OR_STRING -> nodes.numberNode(0);
            case QUANTITY -> nodes.textNode("0");
            default -> nodes.nullNode();
        };
    }

    /** The value as it is written: null where Go leaves it out. */
    public @Nullable JsonNode written(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return absentValue();
        }
        if (pointer) {
            return value;
        }
        return switch (type.kind()) {
            case STRING -> omitEmpty && value.textValue().isEmpty() ? null : value;
            case BYTES -> value.textValue().isEmpty() ? absentValue() : value;
            case BOOLEAN -> omitEmpty && !value.booleanValue() ? null : value;
            case INT32, INT64, DOUBLE -> omitEmpty && value.doubleValue() == 0 ? null : value;
            // One that is there and empty is not the same as none, until it is stored: see EmptyLists.
            case LIST, MAP -> value.isEmpty() && omitEmpty ? null : value;
            case OBJECT -> omitZero && value.equals(type.emptyObject()) ? null : value;
            default -> value;
        };
    }
}
