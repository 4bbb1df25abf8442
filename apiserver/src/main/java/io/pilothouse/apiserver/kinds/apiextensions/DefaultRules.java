package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.schema.SchemaValues;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the defaults of a structural schema: they must be values that the schema takes, with no field too many. */
final class DefaultRules {
    private DefaultRules() {}

    static List<FieldError> validate(JsonNode schema, FieldPath path, boolean pruned) {
        var errors = new ArrayList<FieldError>();
        walk(schema, path, pruned, errors);
        return errors;
    }

    private static void walk(JsonNode schema, FieldPath path, boolean pruned, List<FieldError> errors) {
        if (!schema.isObject()) {
            return;
        }
        var value = schema.get("default");
        if (value != null && !value.isNull()) {
            var at = path.child("default");
            if (pruned && SchemaValues.hasUnknown(schema, value)) {
                errors.add(FieldError.invalid(at, value, "must not have unknown fields"));
            }
            errors.addAll(SchemaValues.validate(schema, value, at));
        }
        // What stands in additionalProperties has no defaults of its own.
        walk(schema.path("items"), path.child("items"), pruned, errors);
        schema.path("properties")
                .properties()
                .forEach(e -> walk(e.getValue(), path.child("properties").key(e.getKey()), pruned, errors));
    }

    static boolean hasUnknownFields(JsonNode root) {
        return SchemaSearch.within(root, s -> s.has("default") && SchemaValues.hasUnknown(s, s.path("default")));
    }
}
