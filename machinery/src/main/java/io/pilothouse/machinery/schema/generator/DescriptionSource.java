package io.pilothouse.machinery.schema.generator;

import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;

/** Something that tells the descriptions of types and fields. Empty texts stand for what it does not tell. */
interface DescriptionSource {
    String type(TypeSchema type);

    String field(TypeSchema type, String field);

    /** The only values that a field of strings may have; empty where any will do, or where this source does not say. */
    default List<String> values(TypeSchema type, String field) {
        return List.of();
    }
}
