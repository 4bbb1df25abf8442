package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.gotext.GoText;
import java.math.BigDecimal;
import java.util.List;

/** The checks of numbers. */
final class NumberRules {
    private NumberRules() {}

    static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber()
                || (value.doubleValue() == Math.rint(value.doubleValue()) && Math.abs(value.doubleValue()) < 1e18);
    }

    static void check(JsonNode value, JsonNode schema, FieldPath path, List<FieldError> errors) {
        String name = path.isRoot() ? "" : path.toString();
        format(value, schema, name, errors);
        BigDecimal number = value.decimalValue();
        if (schema.has("multipleOf")
                && schema.get("multipleOf").decimalValue().signum() > 0
                && number.remainder(schema.get("multipleOf").decimalValue()).signum() != 0) {
            errors.add(FieldError.invalid(
                    path, value, name + " in body should be a multiple of " + print(schema.get("multipleOf"))));
        }
        if (schema.has("maximum")) {
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean(false);
            int order = number.compareTo(schema.get("maximum").decimalValue());
            if (order > 0 || (exclusive && order == 0)) {
                errors.add(FieldError.invalid(
                        path,
                        value,
                        name + " in body should be less than " + (exclusive ? "" : "or equal to ")
                                + print(schema.get("maximum"))));
            }
        }
        if (schema.has("minimum")) {
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean(false);
            int order = number.compareTo(schema.get("minimum").decimalValue());
            if (order < 0 || (exclusive && order == 0)) {
                errors.add(FieldError.invalid(
                        path,
                        value,
                        name + " in body should be greater than " + (exclusive ? "" : "or equal to ")
                                + print(schema.get("minimum"))));
            }
        }
    }

    private static void format(JsonNode value, JsonNode schema, String name, List<FieldError> errors) {
        String type = schema.path("type").asText("");
        String format = schema.path("format").asText("");
        if (type.equals("integer")) {
            boolean fits = isWhole(value) && (!format.equals("int32") || value.canConvertToInt());
            if (!fits) {
                String form =
                        format.equals("int32") || format.equals("int64") ? "with format " + format : "(default format)";
                errors.add(FieldError.invalid(
                        FieldPath.ROOT, "", "Checked value must be of type integer " + form + " in " + name));
            }
        }
    }

    private static String print(JsonNode number) {
        return GoText.print(number.doubleValue());
    }
}
