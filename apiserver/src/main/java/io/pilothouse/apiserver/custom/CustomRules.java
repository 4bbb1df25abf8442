package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.cel.SchemaExpressions;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a version of a custom resource, compiled when they are first needed. Safe for use by many threads. */
final class CustomRules {
    private final JsonNode openApi;
    private @Nullable SchemaExpressions compiled;

    CustomRules(JsonNode openApi) {
        this.openApi = openApi;
    }

    private synchronized SchemaExpressions compiled() {
        var known = compiled;
        if (known == null) {
            known = SchemaExpressions.compile(openApi);
            compiled = known;
        }
        return known;
    }

    /**
     * What the rules have against an object.
     *
     * @param schemaErrors what the schema has against it; rules do not run on what has not even its shape
     */
    List<FieldError> validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> schemaErrors) {
        if (compiled().isEmpty()) {
            return List.of();
        }
        if (schemaErrors.stream().anyMatch(CustomRules::blocks)) {
            return List.of(
                    FieldError.invalid(
                            FieldPath.ROOT,
                            null,
                            "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
        }
        return compiled().validate(object, old).errors();
    }

    private static boolean blocks(FieldError error) {
        return switch (error.type()) {
            case NOT_SUPPORTED, REQUIRED, TOO_LONG, TOO_MANY, TYPE_INVALID -> true;
            default -> false;
        };
    }

    /** What the rules have against what was so before, and is let be. */
    List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return old == null || compiled().isEmpty()
                ? List.of()
                : compiled().validate(object, old).ratcheted().stream()
                        .map(FieldError::message)
                        .toList();
    }
}
