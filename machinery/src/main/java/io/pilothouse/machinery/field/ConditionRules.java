package io.pilothouse.machinery.field;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold for a list of meta/v1 Conditions: apimachinery's ValidateConditions. */
public final class ConditionRules {
    private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern REASON_PATTERN = Pattern.compile(REASON);
    private static final int LONGEST_REASON = 1024;
    private static final int LONGEST_MESSAGE = 32 * 1024;

    private ConditionRules() {}

    /** Conditions that are not there have no mistakes. */
    public static void check(Field conditions) {
        var types = new HashSet<String>();
        conditions.each(condition -> {
            var type = condition.child("type");
            if (!types.add(type.text())) {
                type.duplicate();
            }
            condition(condition);
        });
    }

    private static void condition(Field condition) {
        condition.child("type").matches(LabelFormat::key);
        condition.child("status").oneOf("False", "True", "Unknown");
        var generation = condition.child("observedGeneration");
        if (generation.number() < 0) {
            generation.invalid("must be greater than or equal to zero");
        }
        condition.child("lastTransitionTime").mustExist();
        var reason = condition.child("reason");
        if (reason.mustExist()) {
            reason.matches(ConditionRules::reason);
            if (reason.text().length() > LONGEST_REASON) {
                reason.add(FieldError.tooLong(reason.path(), LONGEST_REASON));
            }
        }
        var message = condition.child("message");
        if (message.text().length() > LONGEST_MESSAGE) {
            message.add(FieldError.tooLong(message.path(), LONGEST_MESSAGE));
        }
    }

    private static List<String> reason(String value) {
        return REASON_PATTERN.matcher(value).matches()
                ? List.of()
                : List.of(LabelFormat.regexError(
                        "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric"
                                + " characters or '_,:', and must end with an alphanumeric character or '_'",
                        REASON,
                        "my_name",
                        "MY_NAME",
                        "MyName",
                        "ReasonA,ReasonB",
                        "ReasonA:ReasonB"));
    }
}
