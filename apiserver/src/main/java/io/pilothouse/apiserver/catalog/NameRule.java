package io.pilothouse.apiserver.catalog;

import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** Which names a kind takes; the texts are those of apimachinery's validation. */
public enum NameRule {
    /** A DNS subdomain (RFC 1123), up to 253 characters: what most kinds take. */
    SUBDOMAIN,
    /** A DNS label (RFC 1123), up to 63 characters: namespaces, and what gives pods their host names. */
    LABEL,
    /** A DNS label that starts with a letter (RFC 1035): services. */
    LABEL_1035,
    /** Anything that can stand in a path: RBAC kinds. */
    PATH_SEGMENT,
    /** An IP address in canonical form. */
    IP_ADDRESS;

    /** What is wrong with a name; empty for a valid one. */
    public List<String> problems(String name) {
        return switch (this) {
            case SUBDOMAIN -> LabelFormat.subdomain(name);
            case LABEL -> LabelFormat.label(name);
            case LABEL_1035 -> LabelFormat.label1035(name);
            case PATH_SEGMENT -> pathSegmentProblems(name);
            case IP_ADDRESS -> IpFormat.ip(name);
        };
    }

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
}
