package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;

/** What must hold for a core/v1 NodeSelector, of pods and of volumes. */
public final class NodeSelectorRules {
    private NodeSelectorRules() {}

    /** @param anyValues whether values need not be those of labels, as the old selector has such */
    public static void check(Field selector, boolean anyValues) {
        var terms = selector.child("nodeSelectorTerms");
        if (terms.isEmpty()) {
            terms.required("must have at least one node selector term");
        }
        terms.each(term -> term(term, anyValues));
    }

    static void term(Field term, boolean anyValues) {
        term.child("matchExpressions").each(expression -> expression(expression, anyValues));
        term.child("matchFields").each(NodeSelectorRules::field);
    }

    private static void expression(Field expression, boolean anyValues) {
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
            case "Gt", "Lt" -> {
                if (values.size() != 1) {
                    values.required("must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> operator.invalid("not a valid selector operator");
        }
        expression.child("key").matches(LabelFormat::key);
        if (!anyValues) {
            values.each(value -> value.matches(LabelFormat::value));
        }
    }

    private static void field(Field expression) {
        var values = expression.child("values");
        var operator = expression.child("operator");
        if (!operator.is("In") && !operator.is("NotIn")) {
            operator.invalid("not a valid selector operator");
        } else if (values.size() != 1) {
            values.required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (expression.child("key").is("metadata.name")) {
            values.each(value -> value.matches(LabelFormat::subdomain));
        } else {
            expression.child("key").invalid("not a valid field selector key");
        }
    }
}
