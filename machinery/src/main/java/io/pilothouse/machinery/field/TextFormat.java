package io.pilothouse.machinery.field;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The formats of texts that are not names of objects: ports, environment variables, header names, keys of config maps. Each check
 * answers what is wrong, in upstream's words, or an empty list.
 */
public final class TextFormat {
    private static final Pattern PORT_NAME = Pattern.compile("[-a-z0-9]+");
    private static final Pattern LETTER = Pattern.compile("[a-z]");
    private static final String PERCENT = "[0-9]+%";
    private static final String HEADER = "[-A-Za-z0-9]+";
    private static final String ENVIRONMENT = "[-._a-zA-Z][-._a-zA-Z0-9]*";
    private static final String IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String WILDCARD = "\\*\\." + LABEL + "(\\." + LABEL + ")*";
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_PORT_NAME = 15;

    private TextFormat() {}

    /** The number of a TCP or UDP port. */
    public static List<String> portNumber(long port) {
        return inRange(port, 1, 65_535);
    }

    public static List<String> inRange(long value, long min, long max) {
        return value >= min && value <= max
                ? List.of()
                : List.of("must be between " + min + " and " + max + ", inclusive");
    }

    /** The id of a user or a group. */
    public static List<String> userId(long id) {
        return inRange(id, 0, Integer.MAX_VALUE);
    }

    /** The name of a port (an IANA service name, lower case). */
    public static List<String> portName(String name) {
        List<String> errors = new ArrayList<>();
        if (name.length() > LONGEST_PORT_NAME) {
            errors.add(LabelFormat.tooLong(LONGEST_PORT_NAME));
        }
        if (!PORT_NAME.matcher(name).matches()) {
            errors.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!LETTER.matcher(name).find()) {
            errors.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            errors.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            errors.add("must not begin or end with a hyphen");
        }
        return errors;
    }

    public static List<String> percent(String value) {
        return matching(
                value,
                PERCENT,
                "a valid percent string must be a numeric string followed by an ending '%'",
                "1%",
                "93%");
    }

    public static List<String> headerName(String value) {
        return matching(
                value, HEADER, "a valid HTTP header must consist of alphanumeric characters or '-'", "X-Header-Name");
    }

    /** An environment variable's name as it was asked for before names were relaxed. */
    public static List<String> environmentName(String value) {
        List<String> errors = new ArrayList<>(matching(
                value,
                ENVIRONMENT,
                "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not"
                        + " start with a digit",
                "my.env-name",
                "MY_ENV.NAME",
                "MyEnvName1"));
        errors.addAll(noParentFolder(value));
        return errors;
    }

    /** An environment variable's name: printable ASCII, but no equals sign. */
    public static List<String> relaxedEnvironmentName(String value) {
        if (value.isEmpty()) {
            return List.of("environment variable name must be non-empty");
        }
        return value.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '=')
                ? List.of()
                : List.of(
                        "a valid environment variable name must consist only of printable ASCII characters other than '='");
    }

    /** An identifier of C. */
    public static List<String> identifier(String value) {
        return matching(
                value,
                IDENTIFIER,
                "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric"
                        + " characters or '_'",
                "my_name",
                "MY_NAME",
                "MyName");
    }

    /** A key of a config map or a secret, which may become a file's name. */
    public static List<String> configKey(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > LONGEST_NAME) {
            errors.add(LabelFormat.tooLong(LONGEST_NAME));
        }
        errors.addAll(matching(
                value,
                CONFIG_KEY,
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                "key.name",
                "KEY_NAME",
                "key-name"));
        errors.addAll(noParentFolder(value));
        return errors;
    }

    /** A DNS subdomain below a star. */
    public static List<String> wildcardSubdomain(String value) {
        List<String> errors = new ArrayList<>();
        if (value.length() > LONGEST_NAME) {
            errors.add(LabelFormat.tooLong(LONGEST_NAME));
        }
        errors.addAll(matching(
                value,
                WILDCARD,
                "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower"
                        + " case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
                "*.example.com"));
        return errors;
    }

    private static List<String> noParentFolder(String value) {
        if (value.equals(".")) {
            return List.of("must not be '.'");
        }
        if (value.equals("..")) {
            return List.of("must not be '..'");
        }
        return value.startsWith("..") ? List.of("must not start with '..'") : List.of();
    }

    private static List<String> matching(String value, String pattern, String words, String... examples) {
        return Pattern.matches(pattern, value) ? List.of() : List.of(LabelFormat.regexError(words, pattern, examples));
    }
}
