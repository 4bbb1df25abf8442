package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule, compiled.
 *
 * @param message what says why, or null
 * @param fieldPath the steps to the field that is to blame
 * @param usesOld whether it compares with the value before
 * @param optionalOld whether it runs where there is none
 */
record CelRule(
        String text,
        CelRuntime.Program program,
        CelRuntime.@Nullable Program message,
        JsonNode source,
        List<String> fieldPath,
        boolean usesOld,
        boolean optionalOld) {

    /** The error of a value that breaks the rule, or null. */
    @Nullable
    FieldError check(Map<String, Object> variables, JsonNode value, FieldPath path) {
        try {
            if (Boolean.TRUE.equals(program.eval(variables))) {
                return null;
            }
        } catch (CelEvaluationException e) {
            return FieldError.invalid(path, typeOf(value), CelReason.of(e) + " evaluating rule: " + text);
        }
        FieldPath at = path;
        for (String step : fieldPath) {
            at = at.child(step);
        }
        String detail = message(variables);
        Object shown = value.isContainerNode() ? FieldError.OMITTED : value;
        return switch (source.path("reason").asText("")) {
            case "FieldValueForbidden" -> FieldError.forbidden(at, detail);
            case "FieldValueRequired" -> FieldError.required(at, detail);
            case "FieldValueDuplicate" -> FieldError.duplicate(at, shown);
            default -> FieldError.invalid(at, shown, detail);
        };
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "null";
        };
    }

    private String message(Map<String, Object> variables) {
        if (message != null) {
            try {
                if (message.eval(variables) instanceof String text && !text.isBlank() && text.indexOf('\n') < 0) {
                    return text.trim();
                }
            } catch (CelEvaluationException e) {
                // A message that cannot be made does not hide that the rule was broken.
                return given();
            }
        }
        return given();
    }

    private String given() {
        String fixed = source.path("message").asText("").trim();
        return fixed.isEmpty() ? "failed rule: " + text : fixed;
    }
}
