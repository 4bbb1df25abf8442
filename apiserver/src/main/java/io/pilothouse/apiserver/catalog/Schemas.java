package io.pilothouse.apiserver.catalog;

import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.function.Supplier;

/** Where definitions find the type of a kind. */
@FunctionalInterface
public interface Schemas {
    /** @throws IllegalArgumentException if there is no such type: a definition names a kind that the model does not have */
    TypeSchema type(GroupVersionKind kind);

    /** Whether there is a type of a kind. */
    default boolean knows(GroupVersionKind kind) {
        try {
            return type(kind) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * What the model says of a field, read when somebody asks for it; empty where it says nothing.
     *
     * @param type the name of a type of a built-in group, such as core.v1.ServiceSpec
     */
    default Supplier<String> text(String type, String field) {
        return () -> "";
    }
}
