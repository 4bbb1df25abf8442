package io.pilothouse.apiserver.openapi;

import java.util.List;

/** The ids and tags that upstream gives its operations; clients' code is generated from them. */
final class OperationNames {
    private OperationNames() {}

    /**
     * The id of an operation: its verb, the group and version of its path, and what it is done to.
     *
     * @param rest such as {@code NamespacedPodStatus}
     */
    static String id(String verb, String path, String rest) {
        var parts = parts(path);
        var id = new StringBuilder(verb);
        if (parts.size() >= 2 && parts.getFirst().equals("apis")) {
            id.append(camel(shortGroup(parts), true));
            if (parts.size() > 2) {
                id.append(camel(parts.get(2), true));
            }
        }
        return id.append(camel(rest, true)).toString();
    }

    /** Group and version, or a path's first part. */
    static String tag(String path) {
        var parts = parts(path);
        if (parts.size() < 2 || !parts.getFirst().equals("apis")) {
            return camel(parts.getFirst(), false);
        }
        String group = camel(shortGroup(parts), false);
        return parts.size() > 2 ? group + "_" + camel(parts.get(2), false) : group;
    }

    private static String shortGroup(List<String> parts) {
        String group = parts.get(1);
        return group.endsWith(".k8s.io") ? group.substring(0, group.length() - ".k8s.io".length()) : group;
    }

    /** The core group is treated like any other, by the name "core". */
    private static List<String> parts(String path) {
        String trimmed = path.replaceAll("^/+|/+$", "");
        if (trimmed.equals("api") || trimmed.startsWith("api/")) {
            trimmed = "apis/core" + trimmed.substring(3);
        }
        return List.of(trimmed.split("/", -1));
    }

    /** Leaves out what is no letter or digit and begins the next word with a capital. */
    static String camel(String text, boolean capital) {
        var out = new StringBuilder();
        boolean upper = capital;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLetter(c) || c == '_' || (i > 0 && Character.isDigit(c))) {
                out.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            } else {
                upper = true;
            }
        }
        return out.toString();
    }

    /** The article before a kind's name: none where it is a plural. */
    static String article(String kind) {
        if (kind.endsWith("s") && !kind.endsWith("ss")) {
            return " ";
        }
        return "aeiouAEIOU".indexOf(kind.charAt(0)) >= 0 ? " an " : " a ";
    }
}
