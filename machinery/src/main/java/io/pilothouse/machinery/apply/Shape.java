package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.ListType;
import io.pilothouse.machinery.schema.TypeSchema;
import org.jspecify.annotations.Nullable;

/** How apply sees a value: one leaf, an object or map whose members are owned one by one, or a list of sets or of keyed elements. */
enum Shape {
    LEAF,
    FIELDS,
    SET,
    KEYED;

    /**
     * The shape of a place in the tree.
     *
     * @param granular whether a field says that its atomic type is none there
     * @param value what stands there, which decides where the schema says nothing
     */
    static Shape of(TypeSchema type, boolean granular, @Nullable JsonNode value) {
        return switch (type.kind()) {
            case OBJECT, MAP ->
                type.isAtomic() && !granular
                        ? LEAF
                        : value == null || value.isNull() || value.isObject() ? FIELDS : LEAF;
            case LIST ->
                type.listType() == ListType.ATOMIC || (value != null && !value.isNull() && !value.isArray())
                        ? LEAF
                        : type.listType() == ListType.SET ? SET : KEYED;
            case ANY, FIELDS -> value != null && value.isObject() ? FIELDS : LEAF;
            default -> LEAF;
        };
    }

    static boolean isDeclaredAtomic(TypeSchema type, boolean granular) {
        return switch (type.kind()) {
            case OBJECT, MAP -> type.isAtomic() && !granular;
            case LIST -> type.listType() == ListType.ATOMIC;
            case ANY, FIELDS -> false;
            default -> true;
        };
    }

    /** The type one step below; what is not declared is anything. */
    static TypeSchema step(TypeSchema type, PathElement element) {
        if (element instanceof PathElement.Field f) {
            return member(type, f.name());
        }
        return type.kind() == Kind.LIST ? type.element() : TypeSchema.any();
    }

    /** The type of a member of an object or a map. */
    static TypeSchema member(TypeSchema type, String name) {
        FieldSchema field = type.field(name);
        if (field != null) {
            return field.type();
        }
        return type.kind() == Kind.MAP ? type.element() : TypeSchema.any();
    }

    static boolean isGranular(TypeSchema type, String name) {
        FieldSchema field = type.field(name);
        return field != null && field.granular();
    }

    static boolean stepIsGranular(TypeSchema type, PathElement element) {
        return element instanceof PathElement.Field f && isGranular(type, f.name());
    }
}
