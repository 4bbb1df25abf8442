package io.pilothouse.apiserver.reviews;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;

/** What must hold for the selectors of an access review's resourceAttributes; operators that are not known yet may stand there. */
final class SelectorValidation {
    private SelectorValidation() {}

    static void check(Field resourceAttributes) {
        resourceAttributes.child("fieldSelector").ifPresent(selector -> {
            form(selector);
            selector.child("requirements").each(requirement -> {
                if (requirement.child("key").isEmpty()) {
                    requirement.child("key").required("must be specified");
                }
                operator(requirement);
            });
        });
        resourceAttributes.child("labelSelector").ifPresent(selector -> {
            form(selector);
            selector.child("requirements").each(requirement -> {
                operator(requirement);
                requirement.child("key").matches(LabelFormat::key);
                requirement.child("values").each(value -> value.matches(LabelFormat::value));
            });
        });
    }

    private static void form(Field selector) {
        var raw = selector.child("rawSelector");
        var requirements = selector.child("requirements");
        if (!raw.isEmpty() && !requirements.isEmpty()) {
            raw.invalid("may not specified at the same time as requirements");
        }
        if (raw.isEmpty() && requirements.isEmpty()) {
            requirements.required("when " + selector.path() + " is specified, requirements or rawSelector is required");
        }
    }

    private static void operator(Field requirement) {
        var values = requirement.child("values");
        switch (requirement.child("operator").text()) {
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
            default -> {}
        }
    }
}
