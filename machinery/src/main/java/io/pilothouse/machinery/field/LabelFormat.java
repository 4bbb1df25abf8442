package io.pilothouse.machinery.field;

import java.util.ArrayList;
import java.util.List;

/** The formats of label keys, label values and DNS names; each check answers what is wrong, in upstream's words, or an empty list. */
public final class LabelFormat {
    private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + NAME + ")?";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String NAME_WORDS =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    private static final String NAME_ERROR = regexError(NAME_WORDS, NAME, "MyName", "my.name", "123-abc");

    private LabelFormat() {}

    /** A label or annotation key, which upstream also calls a qualified name. */
    public static List<String> key(String key) {
        List<String> errors = new ArrayList<>();
        int slash = key.indexOf('/');
        if (slash >= 0 && key.indexOf('/', slash + 1) >= 0) {
            return List.of("a valid label key " + NAME_ERROR
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        if (slash == 0) {
            errors.add("prefix part must be non-empty");
        } else if (slash > 0) {
            subdomain(key.substring(0, slash)).forEach(e -> errors.add("prefix part " + e));
        }
        String name = key.substring(slash + 1);
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else if (name.length() > 63) {
            errors.add("name part must be no more than 63 bytes");
        }
        if (!isName(name)) {
            errors.add("name part " + NAME_ERROR);
        }
        return errors;
    }

    /** A label's value. */
    public static List<String> value(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > 63) {
            errors.add("must be no more than 63 bytes");
        }
        if (!value.isEmpty() && !isName(value)) {
            errors.add(regexError(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                            + "and must start and end with an alphanumeric character",
                    VALUE,
                    "MyValue",
                    "my_value",
                    "12345"));
        }
        return errors;
    }

    /** A lowercase RFC 1123 subdomain. */
    public static List<String> subdomain(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > 253) {
            errors.add(tooLong(253));
        }
        if (!isSubdomain(value)) {
            errors.add(regexError(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                            + "and must start and end with an alphanumeric character",
                    SUBDOMAIN,
                    "example.com"));
        }
        return errors;
    }

    // The patterns are for people. To match them would be a good part of what it costs to validate an object.

    private static boolean isName(String value) {
        int last = value.length() - 1;
        if (last < 0 || !isAlphanumeric(value.charAt(0)) || !isAlphanumeric(value.charAt(last))) {
            return false;
        }
        for (int i = 1; i < last; i++) {
            char c = value.charAt(i);
            if (!isAlphanumeric(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isSubdomain(String value) {
        int start = 0;
        for (int point = value.indexOf('.'); point >= 0; point = value.indexOf('.', start)) {
            if (!isLabel(value, start, point)) {
                return false;
            }
            start = point + 1;
        }
        return isLabel(value, start, value.length());
    }

    private static boolean isLabel(String value, int from, int to) {
        if (from == to || !isLowerOrDigit(value.charAt(from)) || !isLowerOrDigit(value.charAt(to - 1))) {
            return false;
        }
        for (int i = from + 1; i < to - 1; i++) {
            if (!isLowerOrDigit(value.charAt(i)) && value.charAt(i) != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLowerOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A lowercase RFC 1123 label. */
    public static List<String> label(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > 63) {
            errors.add(tooLong(63));
        }
        if (!isLabel(value, 0, value.length())) {
            errors.add(
                    isSubdomain(value)
                            ? "must not contain dots"
                            : regexError(
                                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                                            + "and must start and end with an alphanumeric character",
                                    LABEL,
                                    "my-name",
                                    "123-abc"));
        }
        return errors;
    }

    /** An RFC 1035 label, which starts with a letter. */
    public static List<String> label1035(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > 63) {
            errors.add(tooLong(63));
        }
        if (!isLabel(value, 0, value.length()) || isDigit(value.charAt(0))) {
            errors.add(regexError(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
                            + "character, and end with an alphanumeric character",
                    LABEL_1035,
                    "my-name",
                    "abc-123"));
        }
        return errors;
    }

    /** Upstream's words, odd spaces and all, for a value that does not match: the rule, examples and the pattern. */
    public static String regexError(String words, String pattern, String... examples) {
        String hint = examples.length == 0 ? "" : "e.g. '" + String.join("',  or '", examples) + "', ";
        return words + " (" + hint + "regex used for validation is '" + pattern + "')";
    }

    /** Upstream's words for a name that is too long; of the values of labels it says bytes instead. */
    public static String tooLong(int max) {
        return "must be no more than " + max + " characters";
    }
}
