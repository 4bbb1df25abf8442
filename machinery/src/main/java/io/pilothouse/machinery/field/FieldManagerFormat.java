package io.pilothouse.machinery.field;

import io.pilothouse.machinery.gotext.GoText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names of field managers: up to {@value #MAX_BYTES} bytes of printable characters. */
public final class FieldManagerFormat {
    public static final int MAX_BYTES = 128;

    private FieldManagerFormat() {}

    /** Tells what is wrong with a name; an empty one is none and right. */
    public static void check(String manager, FieldPath path, List<FieldError> errors) {
        if (manager.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            errors.add(FieldError.tooLong(path, MAX_BYTES));
        }
        int at = 0;
        for (int c : manager.codePoints().toArray()) {
            if (!GoText.isPrintable(c)) {
                errors.add(FieldError.invalid(
                        path, manager, String.format("invalid character U+%04X (at position %d)", c, at)));
            }
            at += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** The name that a user agent stands for: what is before its first slash, as far as it may be a name. */
    public static String ofUserAgent(String agent) {
        int slash = agent.indexOf('/');
        var name = new StringBuilder();
        int bytes = 0;
        for (int c :
                (slash < 0 ? agent : agent.substring(0, slash)).codePoints().toArray()) {
            if (!GoText.isPrintable(c)) {
                continue;
            }
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                break;
            }
            name.appendCodePoint(c);
        }
        return name.toString();
    }
}
