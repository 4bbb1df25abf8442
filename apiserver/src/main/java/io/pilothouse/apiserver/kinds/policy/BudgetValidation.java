package io.pilothouse.apiserver.kinds.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.field.ConditionRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.field.TextFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What must hold for disruption budgets. */
final class BudgetValidation {
    private static final BigInteger WHOLE = BigInteger.valueOf(100);

    private BudgetValidation() {}

    static List<FieldError> create(ObjectNode object) {
        return check(object, false);
    }

    static List<FieldError> update(ObjectNode object, ObjectNode old) {
        return check(object, SelectorRules.hasInvalidValue(old.path("spec").path("selector")));
    }

    private static List<FieldError> check(ObjectNode object, boolean anyValues) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(object, errors).child("spec");
        var min = spec.child("minAvailable");
        var max = spec.child("maxUnavailable");
        if (min.present() && max.present()) {
            spec.invalid(
                    InternalForm.of("PodDisruptionBudgetSpec", spec.value()),
                    "minAvailable and maxUnavailable cannot be both set");
        }
        min.ifPresent(BudgetValidation::amount);
        max.ifPresent(BudgetValidation::amount);
        SelectorRules.check(spec.child("selector"), anyValues);
        spec.child("unhealthyPodEvictionPolicy").ifPresent(policy -> policy.oneOf("AlwaysAllow", "IfHealthyBudget"));
        return errors;
    }

    /** A number of pods, or a part of them. */
    private static void amount(Field amount) {
        if (!amount.value().isTextual()) {
            amount.notNegative();
        } else if (amount.matches(TextFormat::percent)
                && new BigInteger(amount.text().substring(0, amount.text().length() - 1)).compareTo(WHOLE) > 0) {
            amount.invalid("must not be greater than 100%");
        }
    }

    static List<FieldError> status(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var status = Field.of(object, errors).child("status");
        ConditionRules.check(status.child("conditions"));
        status.child("disruptionsAllowed").notNegative();
        status.child("currentHealthy").notNegative();
        status.child("desiredHealthy").notNegative();
        status.child("expectedPods").notNegative();
        return errors;
    }
}
