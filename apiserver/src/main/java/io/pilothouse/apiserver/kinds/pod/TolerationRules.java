package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.gotext.GoText;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold for tolerations of taints, of pods and of runtime classes. */
public final class TolerationRules {
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");

    private TolerationRules() {}

    public static void check(Field tolerations) {
        check(tolerations, false);
    }

    static void check(Field tolerations, PodRules rules) {
        check(tolerations, rules.allows(Allowance.TOLERATION_COMPARISONS));
    }

    private static void check(Field tolerations, boolean comparisons) {
        tolerations.each(toleration -> {
            var key = toleration.child("key");
            var operator = toleration.child("operator");
            var effect = toleration.child("effect");
            if (!key.isEmpty()) {
                key.matches(LabelFormat::key);
            } else if (!operator.is("Exists")) {
                operator.invalid(
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            if (toleration.child("tolerationSeconds").present() && !effect.is("NoExecute")) {
                effect.invalid("effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            operator(operator, toleration.child("value"), comparisons);
            effect.emptyOrOneOf("NoSchedule", "PreferNoSchedule", "NoExecute");
        });
    }

    private static void operator(Field operator, Field value, boolean comparisons) {
        switch (operator.text()) {
            case "", "Equal" -> {
                var problems = LabelFormat.value(value.text());
                if (!problems.isEmpty()) {
                    operator.invalid(value.text(), String.join(";", problems));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    operator.invalid(value.text(), "value must be empty when `operator` is 'Exists'");
                }
            }
            case "Lt", "Gt" -> {
                if (!comparisons) {
                    operator.notSupported(List.of("Equal", "Exists", "Lt", "Gt"));
                } else {
                    number(value);
                }
            }
            default -> operator.notSupported(List.of("Equal", "Exists"));
        }
    }

    private static void number(Field value) {
        String text = value.text();
        if (text.isEmpty()) {
            value.invalid(text, "must be non-empty");
        } else if (!INTEGER.matcher(text).matches()) {
            value.invalid(text, "must be a valid decimal integer in canonical form");
        }
        try {
            Long.parseLong(text);
        } catch (NumberFormatException e) {
            boolean digits = text.matches("[+-]?[0-9]+");
            value.invalid(
                    text,
                    "strconv.ParseInt: parsing " + GoText.quote(text) + ": "
                            + (digits ? "value out of range" : "invalid syntax"));
        }
    }
}
