package io.pilothouse.machinery.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the types by which apply sees custom resources. */
final class StructuralTypes {
    private final TypeSchema objectMeta;

    StructuralTypes(TypeSchema objectMeta) {
        this.objectMeta = objectMeta;
    }

    /** The type of a whole resource. */
    TypeSchema resource(Structural root) {
        return object(root, true);
    }

    private TypeSchema type(@Nullable Structural schema) {
        if (schema == null) {
            return TypeSchema.any();
        }
        if (schema.intOrString()) {
            return TypeSchema.scalar(Kind.INT_OR_STRING);
        }
        return switch (schema.type()) {
            case "object" -> {
                boolean map = schema.properties().isEmpty()
                        && !schema.embedded()
                        && (schema.additional() != null || schema.additionalAllowed());
                yield map
                        ? TypeSchema.map(type(schema.additional()), schema.isAtomicMap())
                        : object(schema, schema.embedded());
            }
            case "array" -> TypeSchema.list(type(schema.items()), schema.listType(), schema.mapKeys(), false);
            case "string" -> TypeSchema.scalar(Kind.STRING);
            case "boolean" -> TypeSchema.scalar(Kind.BOOLEAN);
            case "integer" -> TypeSchema.scalar(Kind.INT64);
            case "number" -> TypeSchema.scalar(Kind.DOUBLE);
            default -> TypeSchema.any();
        };
    }

    private TypeSchema object(Structural schema, boolean resource) {
        TypeSchema out = TypeSchema.object("", schema.isAtomicMap(), "");
        List<FieldSchema> fields = new ArrayList<>();
        if (resource) {
            fields.add(field("apiVersion", 0, TypeSchema.scalar(Kind.STRING), null));
            fields.add(field("kind", 1, TypeSchema.scalar(Kind.STRING), null));
            fields.add(field("metadata", 2, objectMeta, null));
        }
        schema.properties().forEach((name, property) -> {
            boolean own = resource && (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata"));
            if (!own) {
                fields.add(field(name, fields.size(), type(property), property));
            }
        });
        out.define(fields, schema.preservesUnknown() || schema.additional() != null || schema.additionalAllowed());
        return out;
    }

    private static FieldSchema field(String name, int index, TypeSchema type, @Nullable Structural schema) {
        return new FieldSchema(
                name,
                index,
                List.of(),
                type,
                true,
                true,
                false,
                false,
                List.of(),
                "",
                false,
                schema == null ? null : schema.defaultValue());
    }
}
