package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.function.UnaryOperator;

/**
 * One version in which a resource is served.
 *
 * @param toStorage from this version to the storage version; may change its argument
 * @param fromStorage the way back; may change its argument
 * @param reader makes objects of this version of what clients send
 */
public record ServedVersion(
        GroupVersionKind kind,
        TypeSchema schema,
        UnaryOperator<ObjectNode> toStorage,
        UnaryOperator<ObjectNode> fromStorage,
        ObjectReader reader) {

    /** A version whose objects are read by their type. */
    public ServedVersion(
            GroupVersionKind kind,
            TypeSchema schema,
            UnaryOperator<ObjectNode> toStorage,
            UnaryOperator<ObjectNode> fromStorage) {
        this(kind, schema, toStorage, fromStorage, ObjectReader.typed(schema));
    }

    public static ServedVersion same(GroupVersionKind kind, TypeSchema schema) {
        return new ServedVersion(kind, schema, UnaryOperator.identity(), UnaryOperator.identity());
    }
}
