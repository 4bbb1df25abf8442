package io.pilothouse.machinery.cel;

import java.util.Set;
import java.util.regex.Pattern;

/** The names by which expressions call fields: what is no identifier, or is a word of the language, is escaped as Kubernetes does. */
public final class CelNames {
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");
    private static final Pattern ESCAPABLE = Pattern.compile("[A-Za-z_.\\-/][A-Za-z0-9_.\\-/]*");

    private CelNames() {}

    /** Whether a name is a word of the language. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** Whether expressions can call a field at all. */
    static boolean isCallable(String field) {
        return ESCAPABLE.matcher(field).matches();
    }

    static String escape(String field) {
        if (RESERVED.contains(field)) {
            return "__" + field + "__";
        }
        return field.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
