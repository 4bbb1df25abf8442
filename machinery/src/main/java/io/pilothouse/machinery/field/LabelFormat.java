package io.pilothouse.machinery.field;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The formats of label keys, label values and DNS names; each check answers what is wrong, in upstream's words, or an empty list. */
public final class LabelFormat {
    private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + NAME + ")?";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern NAME_PATTERN = Pattern.compile(NAME);
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035);
    private static final String NAME_WORDS =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    private static final int MAX_MATCHED = 4096;

    private LabelFormat() {}

    /** A label or annotation key, which upstream also calls a qualified name. */
    public static List<String> key(String key) {
        List<String> errors = new ArrayList<>();
        int slash = key.indexOf('/');
        String nameError = regexError(NAME_WORDS, NAME, "MyName", "my.name", "123-abc");
        if (slash >= 0 && key.indexOf('/', slash + 1) >= 0) {
            return List.of("a valid label key " + nameError
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
        if (!NAME_PATTERN.matcher(name).matches()) {
            errors.add("name part " + nameError);
        }
        return errors;
    }

    /** A label's value. */
    public static List<String> value(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > 63) {
            errors.add("must be no more than 63 bytes");
        }
        if (!value.isEmpty() && !NAME_PATTERN.matcher(value).matches()) {
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

    /** Long values are not matched: the pattern's groups recurse. */
    private static boolean isSubdomain(String value) {
        return value.length() <= MAX_MATCHED && SUBDOMAIN_PATTERN.matcher(value).matches();
    }

    /** A lowercase RFC 1123 label. */
    public static List<String> label(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > 63) {
            errors.add(tooLong(63));
        }
        if (!LABEL_PATTERN.matcher(value).matches()) {
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
        if (!LABEL_1035_PATTERN.matcher(value).matches()) {
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
