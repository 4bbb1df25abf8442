package io.pilothouse.apiserver.profiling;

import java.util.regex.Pattern;

/**
 * Where a thread was.
 *
 * @param file empty where it is not known
 * @param line 0 where it is not known
 */
record Frame(String function, String file, int line) {
    /** As {@link StackTraceElement} prints itself, with or without loader and module. */
    private static final Pattern PRINTED = Pattern.compile("(?:[^/($]*/)*([^(]+)\\(([^:)]*)(?::(\\d+))?\\)");

    /** Reads what a thread dump says. */
    static Frame parse(String printed) {
        var matcher = PRINTED.matcher(printed);
        if (!matcher.matches()) {
            return new Frame(printed, "", 0);
        }
        String file = matcher.group(2);
        String line = matcher.group(3);
        return new Frame(
                matcher.group(1), file.endsWith(".java") ? file : "", line == null ? 0 : Integer.parseInt(line));
    }

    /** Of a class whose file is not known but by its name. */
    static Frame of(String type, String method, int line) {
        int inner = type.indexOf('$');
        String outer = inner < 0 ? type : type.substring(0, inner);
        return new Frame(type + "." + method, outer.replace('.', '/') + ".java", Math.max(line, 0));
    }
}
