package io.pilothouse.machinery.cel;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formats of {@code string.format}: s, d, f, e, x, X, o, b and a percent sign. */
final class CelFormat {
    private static final Pattern VERB = Pattern.compile("%(?:\\.(\\d{1,2}))?([sdfexXob%])");

    private CelFormat() {}

    static String format(String text, List<?> arguments) {
        StringBuilder out = new StringBuilder();
        Matcher verbs = VERB.matcher(text);
        int used = 0;
        int end = 0;
        while (verbs.find()) {
            out.append(text, end, verbs.start());
            end = verbs.end();
            if (verbs.group(2).equals("%")) {
                out.append('%');
                continue;
            }
            if (used >= arguments.size()) {
                throw new IllegalArgumentException("index " + used + " out of range");
            }
            int precision = verbs.group(1) == null ? 6 : Integer.parseInt(verbs.group(1));
            out.append(one(verbs.group(2), precision, arguments.get(used++)));
        }
        return out.append(text, end, text.length()).toString();
    }

    private static String one(String verb, int precision, Object value) {
        return switch (verb) {
            case "s" -> String.valueOf(value);
            case "d" -> Long.toString(number(value).longValue());
            case "f" ->
                String.format(Locale.ROOT, "%." + precision + "f", number(value).doubleValue());
            case "e" ->
                String.format(Locale.ROOT, "%." + precision + "e", number(value).doubleValue());
            case "x" -> Long.toHexString(number(value).longValue());
            case "X" -> Long.toHexString(number(value).longValue()).toUpperCase(Locale.ROOT);
            case "o" -> Long.toOctalString(number(value).longValue());
            default -> Long.toBinaryString(number(value).longValue());
        };
    }

    private static Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("error during formatting: no number");
    }
}
