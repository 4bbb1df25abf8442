package io.pilothouse.apiserver.request;

import java.util.regex.Pattern;

/** What upstream says of texts that are no numbers: the words of Go's strconv. */
public final class GoNumbers {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    private GoNumbers() {}

    /** Why a text is no 64-bit integer. */
    public static String parseIntError(String text) {
        return error("ParseInt", text);
    }

    /** Why a text is no unsigned 64-bit integer. */
    public static String parseUintError(String text) {
        return error("ParseUint", text.startsWith("-") || text.startsWith("+") ? "" : text, text);
    }

    private static String error(String function, String text) {
        return error(function, text, text);
    }

    private static String error(String function, String number, String text) {
        String why = INTEGER.matcher(number).matches() ? "value out of range" : "invalid syntax";
        return "strconv." + function + ": parsing \"" + text + "\": " + why;
    }
}
