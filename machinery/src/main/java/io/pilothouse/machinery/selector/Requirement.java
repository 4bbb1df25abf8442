package io.pilothouse.machinery.selector;

import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One condition on a label. Immutable. */
public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
        values = List.copyOf(values);
    }

    /** A requirement whose key, operator and values fit each other; fails with upstream's words. */
    public static Requirement checked(String key, Operator operator, List<String> values) {
        List<FieldError> errors = new ArrayList<>();
        labelKey(key, FieldPath.of("key"), errors);
        FieldPath path = FieldPath.of("values");
        String wrong = wrongNumber(operator, values.size());
        if (wrong != null) {
            errors.add(FieldError.invalid(path, values, wrong));
        }
        for (int i = 0; i < values.size(); i++) {
            if ((operator == Operator.GREATER || operator == Operator.LESS) && integer(values.get(i)) == null) {
                errors.add(FieldError.invalid(
                        path.index(i), values.get(i), "for 'Gt', 'Lt' operators, the value must be an integer"));
            }
        }
        for (int i = 0; i < values.size(); i++) {
            List<String> found = LabelFormat.value(values.get(i));
            if (!found.isEmpty()) {
                errors.add(FieldError.invalid(path.index(i).key(key), values.get(i), String.join("; ", found)));
            }
        }
        if (!errors.isEmpty()) {
            throw new SelectorException(FieldError.aggregate(errors));
        }
        return new Requirement(key, operator, values);
    }

    static void labelKey(String key, FieldPath path, List<FieldError> errors) {
        List<String> found = LabelFormat.key(key);
        if (!found.isEmpty()) {
            errors.add(FieldError.invalid(path, key, String.join("; ", found)));
        }
    }

    private static @Nullable String wrongNumber(Operator operator, int count) {
        return switch (operator) {
            case IN, NOT_IN -> count == 0 ? "for 'in', 'notin' operators, values set can't be empty" : null;
            case EQUALS, DOUBLE_EQUALS, NOT_EQUALS ->
                count == 1 ? null : "exact-match compatibility requires one single value";
            case EXISTS, DOES_NOT_EXIST -> count == 0 ? null : "values set must be empty for exists and does not exist";
            case GREATER, LESS -> count == 1 ? null : "for 'Gt', 'Lt' operators, exactly one value is required";
        };
    }

    public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case IN, EQUALS, DOUBLE_EQUALS -> value != null && values.contains(value);
            case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GREATER -> compare(value) > 0;
            case LESS -> compare(value) < 0;
        };
    }

    /** How the label's number compares with ours; 0, which matches nothing, where either is none. */
    private int compare(@Nullable String value) {
        Long label = value == null ? null : integer(value);
        Long wanted = values.size() == 1 ? integer(values.getFirst()) : null;
        return label == null || wanted == null ? 0 : label.compareTo(wanted);
    }

    private static @Nullable Long integer(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        String[] sorted = values.toArray(new String[0]);
        Arrays.sort(sorted);
        String joined = String.join(",", sorted);
        return switch (operator) {
            case IN -> key + " in (" + joined + ")";
            case NOT_IN -> key + " notin (" + joined + ")";
            case EQUALS -> key + "=" + joined;
            case DOUBLE_EQUALS -> key + "==" + joined;
            case NOT_EQUALS -> key + "!=" + joined;
            case GREATER -> key + ">" + joined;
            case LESS -> key + "<" + joined;
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
        };
    }
}
