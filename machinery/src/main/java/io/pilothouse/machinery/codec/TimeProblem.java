package io.pilothouse.machinery.codec;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Why a text is no time, in the words of Go's parser: it goes through its layout piece by piece and stops at the first that fails. */
final class TimeProblem {
    private record Piece(String layout, Pattern form, int most, String name) {}

    private static final Piece ZONE = piece("Z07:00", "Z|[+-]\\d{2}:\\d{2}");
    private static final Piece MICROS = piece(".000000", "[.,]\\d{6}");
    private static final Piece FRACTION = piece("", "([.,]\\d+)?");
    private static final List<Piece> SECONDS = List.of(
            piece("2006", "\\d{4}"),
            literal("-"),
            number("01", "\\d{2}", 12, "month"),
            literal("-"),
            number("02", "\\d{2}", 31, "day"),
            literal("T"),
            number("15", "\\d{1,2}", 23, "hour"),
            literal(":"),
            number("04", "\\d{2}", 59, "minute"),
            literal(":"),
            number("05", "\\d{2}", 59, "second"));

    private TimeProblem() {}

    private static Piece piece(String layout, String form) {
        return new Piece(layout, Pattern.compile(form), Integer.MAX_VALUE, "");
    }

    private static Piece literal(String text) {
        return piece(text, Pattern.quote(text));
    }

    private static Piece number(String layout, String form, int most, String name) {
        return new Piece(layout, Pattern.compile(form), most, name);
    }

    /** @param layout as Go writes it; with six digits of a second or none */
    static String of(String text, String layout) {
        String head = "parsing time " + GoText.quote(text);
        String rest = text;
        var pieces = new ArrayList<>(SECONDS);
        pieces.add(layout.contains(MICROS.layout()) ? MICROS : FRACTION);
        pieces.add(ZONE);
        for (var piece : pieces) {
            var matcher = piece.form().matcher(rest);
            if (!matcher.lookingAt()) {
                return head + " as " + GoText.quote(layout) + ": cannot parse " + GoText.quote(rest) + " as "
                        + GoText.quote(piece.layout());
            }
            if (!piece.name().isEmpty() && isOutside(matcher.group(), piece)) {
                return head + ": " + piece.name() + " out of range";
            }
            rest = rest.substring(matcher.end());
        }
        return rest.isEmpty() ? head + ": day out of range" : head + ": extra text: " + GoText.quote(rest);
    }

    private static boolean isOutside(String digits, Piece piece) {
        int value = Integer.parseInt(digits);
        return value > piece.most()
                || (value == 0 && (piece.name().equals("month") || piece.name().equals("day")));
    }
}
