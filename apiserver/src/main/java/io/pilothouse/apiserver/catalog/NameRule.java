package io.pilothouse.apiserver.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Which names a kind takes; the texts are those of apimachinery's validation. */
public enum NameRule {
    /** A DNS subdomain (RFC 1123), up to 253 characters: what most kinds take. */
    SUBDOMAIN {
        @Override
        public List<String> problems(String name) {
            return pattern(name, 253, SUBDOMAIN_PATTERN, SUBDOMAIN_TEXT);
        }
    },
    /** A DNS label (RFC 1123), up to 63 characters: namespaces, and what gives pods their host names. */
    LABEL {
        @Override
        public List<String> problems(String name) {
            return pattern(name, 63, LABEL_PATTERN, LABEL_TEXT);
        }
    },
    /** A DNS label that starts with a letter (RFC 1035): services. */
    LABEL_1035 {
        @Override
        public List<String> problems(String name) {
            return pattern(name, 63, LABEL_1035_PATTERN, LABEL_1035_TEXT);
        }
    },
    /** Anything that can stand in a path: RBAC kinds. */
    PATH_SEGMENT {
        @Override
        public List<String> problems(String name) {
            return pathSegmentProblems(name);
        }
    };

    private static final String SUBDOMAIN_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String LABEL_1035_FORM = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN_FORM);
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL_FORM);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035_FORM);
    private static final String SUBDOMAIN_TEXT =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
                    + " end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
                    + SUBDOMAIN_FORM + "')";
    private static final String LABEL_TEXT =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with"
                    + " an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
                    + LABEL_FORM + "')";
    private static final String LABEL_1035_TEXT =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and"
                    + " end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '"
                    + LABEL_1035_FORM + "')";

    /** What is wrong with a name; empty for a valid one. */
    public abstract List<String> problems(String name);

    /** What no name may be, whatever its kind. */
    public static List<String> pathSegmentProblems(String name) {
        if (name.equals(".") || name.equals("..")) {
            return List.of("may not be '" + name + "'");
        }
        var problems = new ArrayList<String>();
        for (String illegal : List.of("/", "%")) {
            if (name.contains(illegal)) {
                problems.add("may not contain '" + illegal + "'");
            }
        }
        return problems;
    }

    private static List<String> pattern(String name, int longest, Pattern form, String text) {
        var problems = new ArrayList<String>();
        if (name.length() > longest) {
            problems.add("must be no more than " + longest + " characters");
        }
        if (!form.matcher(name).matches()) {
            problems.add(text);
        }
        return problems;
    }
}
