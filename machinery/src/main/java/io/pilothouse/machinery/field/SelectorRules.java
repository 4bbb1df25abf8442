package io.pilothouse.machinery.field;

import com.fasterxml.jackson.databind.JsonNode;

/** What must hold for a meta/v1 LabelSelector: apimachinery's ValidateLabelSelector. */
public final class SelectorRules {
    private SelectorRules() {}

    /** A selector that is not there has no mistakes. */
    public static void check(Field selector) {
        check(selector, false);
    }

    /** @param anyValues whether values need not be those of labels, as for objects that were stored before this was checked */
    public static void check(Field selector, boolean anyValues) {
        selector.child("matchLabels").labels();
        selector.child("matchExpressions").each(expression -> requirement(expression, anyValues));
    }

    private static void requirement(Field expression, boolean anyValues) {
        var values = expression.child("values");
        var operator = expression.child("operator");
        switch (operator.text()) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    values.required("must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> operator.invalid("not a valid selector operator");
        }
        expression.child("key").matches(LabelFormat::key);
        if (!anyValues) {
            values.each(value -> value.matches(LabelFormat::value));
        }
    }

    /** Whether a value of an expression could be no label's. */
    public static boolean hasInvalidValue(JsonNode selector) {
        for (var expression : selector.path("matchExpressions")) {
            for (var value : expression.path("values")) {
                if (!LabelFormat.value(value.asText()).isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }
}
