package io.pilothouse.apiserver.kinds.admissionregistration;

import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.HashSet;

/** What must hold for expressions, and for the conditions under which a webhook or a policy is asked at all. */
final class ExpressionValidation {
    private static final int MOST_CONDITIONS = 64;

    private ExpressionValidation() {}

    /** An expression that is there: it must compile and come to what is wanted. */
    static void compile(Field field, String expression, AdmissionExpressions compiler, Scope scope, Wanted wanted) {
        compiler.compile(expression, scope, wanted).failure().ifPresent(problem -> field.invalid(expression, problem));
    }

    /** @param params whether conditions see parameters */
    static void conditions(Field conditions, boolean params) {
        if (conditions.size() > MOST_CONDITIONS) {
            conditions.add(FieldError.tooMany(conditions.path(), conditions.size(), MOST_CONDITIONS));
        }
        var compiler = new AdmissionExpressions();
        var names = new HashSet<String>();
        conditions.each(condition -> {
            var expression = condition.child("expression");
            String text = expression.text().strip();
            if (text.isEmpty()) {
                expression.required("");
            } else {
                compile(expression, text, compiler, new Scope(params, true, false), Wanted.BOOL);
            }
            var name = condition.child("name");
            if (name.mustExist()) {
                name.matches(LabelFormat::key);
                if (!names.add(name.text())) {
                    name.duplicate();
                }
            }
        });
    }
}
