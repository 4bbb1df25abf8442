package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What must hold for the bindings of admission policies. */
final class BindingValidation {
    private static final String EXCLUSIVE = "name and selector are mutually exclusive";

    private BindingValidation() {}

    static List<FieldError> validating(ObjectNode binding) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(binding, errors).child("spec");
        common(spec);
        actions(spec.child("validationActions"));
        return errors;
    }

    static List<FieldError> mutating(ObjectNode binding) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(binding, errors).child("spec");
        common(spec);
        RuleValidation.mutable(spec.child("matchResources"));
        return errors;
    }

    private static void common(Field spec) {
        var policy = spec.child("policyName");
        if (policy.mustExist()) {
            policy.matches(LabelFormat::subdomain);
        }
        spec.child("paramRef").ifPresent(BindingValidation::params);
        RuleValidation.match(spec.child("matchResources"));
    }

    private static void params(Field ref) {
        var name = ref.child("name");
        var selector = ref.child("selector");
        if (!name.isEmpty()) {
            name.matches(NameRule::pathSegmentProblems);
            if (selector.present()) {
                name.forbidden(EXCLUSIVE);
            }
        }
        if (selector.present()) {
            SelectorRules.check(selector);
            if (!name.isEmpty()) {
                selector.forbidden(EXCLUSIVE);
            }
        }
        if (name.isEmpty() && !selector.present()) {
            ref.required("one of name or selector must be specified");
        }
        ref.child("parameterNotFoundAction").requiredOneOf("Deny", "Allow");
    }

    private static void actions(Field actions) {
        var seen = new HashSet<String>();
        actions.each(action -> {
            action.oneOf("Audit", "Deny", "Warn");
            if (!seen.add(action.text())) {
                action.duplicate();
            }
        });
        if (seen.contains("Deny") && seen.contains("Warn")) {
            actions.invalid(
                    "must not contain both Deny and Warn (repeating the same validation failure information in the API"
                            + " response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            actions.required("at least one validation action is required");
        }
    }
}
