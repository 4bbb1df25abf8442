package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.ConditionRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.jsonpath.JsonPath;
import io.pilothouse.machinery.jsonpath.JsonPathException;
import java.util.ArrayList;
import java.util.List;

/** What must hold for what a controller says of a policy. */
final class PolicyStatusValidation {
    private PolicyStatusValidation() {}

    static List<FieldError> check(ObjectNode policy) {
        var errors = new ArrayList<FieldError>();
        var status = Field.of(policy, errors).child("status");
        status.child("typeChecking", "expressionWarnings").each(warning -> {
            warning.child("warning").mustExist();
            reference(warning.child("fieldRef"));
        });
        ConditionRules.check(status.child("conditions"));
        return errors;
    }

    private static void reference(Field field) {
        String text = field.text().strip();
        if (text.isEmpty()) {
            field.required("");
            return;
        }
        try {
            // Go's paths may begin with a name.
            JsonPath.parse((Character.isLetter(text.charAt(0)) ? "." : "") + text);
        } catch (JsonPathException e) {
            field.invalid(text, "invalid JSONPath: " + e.getMessage());
        }
    }
}
