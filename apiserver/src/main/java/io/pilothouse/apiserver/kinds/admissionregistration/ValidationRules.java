package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.HashSet;

/**
 * What must hold for the validations and audit annotations of a policy.
 *
 * @param compiler which knows the policy's variables
 * @param params whether the policy has parameters
 */
record ValidationRules(AdmissionExpressions compiler, boolean params) {
    private static final int MOST_ANNOTATIONS = 20;
    private static final int LONGEST_ANNOTATION = 5 * 1024;

    void check(Field spec, ObjectNode policy) {
        var validations = spec.child("validations");
        var annotations = spec.child("auditAnnotations");
        if (validations.isEmpty() && annotations.isEmpty()) {
            String detail = "validations or auditAnnotations must contain at least one item";
            validations.required(detail);
            annotations.required(detail);
            return;
        }
        validations.each(this::validation);
        if (annotations.size() > MOST_ANNOTATIONS) {
            annotations.invalid("must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        }
        var keys = new HashSet<String>();
        annotations.each(annotation -> {
            annotation(annotation, ObjectMeta.name(policy));
            var key = annotation.child("key");
            if (!keys.add(key.text())) {
                key.duplicate();
            }
        });
    }

    private void validation(Field validation) {
        var expression = validation.child("expression");
        if (expression.text().isBlank()) {
            expression.required("expression is not specified");
        } else {
            ExpressionValidation.compile(expression, expression.text(), compiler, scope(true), Wanted.BOOL);
        }
        var messageExpression = validation.child("messageExpression");
        if (!messageExpression.isEmpty()) {
            if (messageExpression.text().isBlank()) {
                messageExpression.invalid("must be non-empty if specified");
            } else {
                ExpressionValidation.compile(
                        messageExpression, messageExpression.text(), compiler, scope(false), Wanted.STRING);
            }
        }
        var message = validation.child("message");
        if (!message.isEmpty() && message.text().isBlank()) {
            message.invalid("must be non-empty if specified");
        } else if (message.text().strip().matches("(?s).*[\\n\\r].*")) {
            message.invalid("must not contain line breaks");
        }
        validation.child("reason").ifPresent(reason -> reason.oneOf("Forbidden", "Invalid", "RequestEntityTooLarge"));
    }

    private void annotation(Field annotation, String policy) {
        var key = annotation.child("key");
        if (policy.isEmpty()) {
            key.invalid("requires metadata.name be non-empty");
        } else {
            String whole = policy + "/" + key.text();
            LabelFormat.key(whole).forEach(problem -> key.invalid(whole, problem));
        }
        var value = annotation.child("valueExpression");
        String text = value.text().strip();
        if (text.isEmpty()) {
            value.required("valueExpression is not specified");
        } else if (text.length() > LONGEST_ANNOTATION) {
            value.required("must not exceed " + LONGEST_ANNOTATION + " bytes in length");
        } else {
            compiler.compile(text, scope(true), Wanted.STRING_OR_NULL).failure().ifPresent(value::invalid);
        }
    }

    private Scope scope(boolean authorizer) {
        return new Scope(params, authorizer, false);
    }
}
