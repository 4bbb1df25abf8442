package io.pilothouse.apiserver.kinds.admissionregistration;

import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.field.Field;

/**
 * What must hold for the mutations of a policy.
 *
 * @param compiler which knows the policy's variables
 * @param params whether the policy has parameters
 */
record MutationRules(AdmissionExpressions compiler, boolean params) {
    void check(Field spec) {
        var mutations = spec.child("mutations");
        if (mutations.isEmpty()) {
            mutations.required("mutations must contain at least one item");
        }
        mutations.each(this::mutation);
        spec.child("reinvocationPolicy").requiredOneOf("IfNeeded", "Never");
    }

    private void mutation(Field mutation) {
        var type = mutation.child("patchType");
        if (!type.requiredOneOf("ApplyConfiguration", "JSONPatch")) {
            return;
        }
        if (type.is("JSONPatch")) {
            patch(mutation, "jsonPatch", "applyConfiguration", type.text(), Wanted.PATCHES);
        } else {
            patch(mutation, "applyConfiguration", "jsonPatch", type.text(), Wanted.OBJECT);
        }
    }

    private void patch(Field mutation, String wanted, String other, String type, Wanted result) {
        var patch = mutation.child(wanted);
        if (patch.present()) {
            var expression = patch.child("expression");
            String text = expression.text().strip();
            if (text.isEmpty()) {
                expression.required("");
            } else {
                ExpressionValidation.compile(expression, text, compiler, new Scope(params, true, true), result);
            }
        } else {
            patch.required("must be specified when patchType is " + type);
        }
        var unwanted = mutation.child(other);
        if (unwanted.present()) {
            unwanted.invalid("{" + other + "}", "must not be specified when patchType is " + type);
        }
    }
}
