package io.pilothouse.machinery.gotext;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.stream.Collectors;

/** Prints strings and numbers as Go's fmt, strconv and encoding/json do, for messages that clients compare. Stateless. */
public final class GoText {
    private GoText() {}

    /** The text in double quotes with Go's escapes, as the %q verb prints it. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> appendEscaped(out, c));
        return out.append('"').toString();
    }

    /** Each text quoted, joined by a comma and a space. */
    public static String quoteAll(Collection<String> texts) {
        return texts.stream().map(GoText::quote).collect(Collectors.joining(", "));
    }

    /** Texts as Go prints a slice of them with %q: in brackets, with spaces between. */
    public static String quoteList(Collection<String> texts) {
        return texts.stream().map(GoText::quote).collect(Collectors.joining(" ", "[", "]"));
    }

    private static void appendEscaped(StringBuilder out, int c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            default -> {
                if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else if (c < 0x80) {
                    out.append(String.format("\\x%02x", c));
                } else if (c < 0x10000) {
                    out.append(String.format("\\u%04x", c));
                } else {
                    out.append(String.format("\\U%08x", c));
                }
            }
        }
    }

    /** Whether Go takes a character for printable: what leaves marks, and the ASCII space. */
    public static boolean isPrintable(int c) {
        if (c == ' ') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A float64 as the %v verb prints it: the shortest digits, with an exponent below 1e-4 and from 1e21 on. */
    public static String print(double value) {
        return format(value, -4, 21);
    }

    /** A float64 as strconv's format g writes it with the fewest digits: with an exponent below 1e-4 and from 1e6 on. */
    public static String shortest(double value) {
        return format(value, -4, 6);
    }

    /** A float64 as encoding/json writes it: the shortest digits, with an exponent below 1e-6 and from 1e21 on. */
    public static String json(double value) {
        String text = format(value, -6, 21);
        // encoding/json shortens e-09 to e-9
        int e = text.indexOf("e-0");
        return e < 0 ? text : text.substring(0, e + 2) + text.substring(e + 3);
    }

    private static String format(double value, int low, int high) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= low && exponent < high) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String size = String.format("%02d", Math.abs(exponent));
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
    }
}
