package io.pilothouse.machinery.gotext;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as Go reads them: {@code 300ms}, {@code -1.5h}, {@code 2h45m}, {@code 0}. */
public final class GoDuration {
    private static final long MOST_OF_FRACTION = 1_000_000_000_000_000_000L;

    private GoDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException in Go's words for what is none, or does not fit into 64 bits of nanoseconds
     */
    public static Duration parse(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        int at = signed ? 1 : 0;
        if (at == text.length()) {
            throw invalid(text);
        }
        if (at + 1 == text.length() && text.charAt(at) == '0') {
            return Duration.ZERO;
        }
        long nanos = 0;
        while (at < text.length()) {
            int number = at;
            at = digits(text, at);
            int point = at;
            if (at < text.length() && text.charAt(at) == '.') {
                at = digits(text, at + 1);
            }
            int unit = at;
            if (point == number && unit - point < 2) {
                throw invalid(text);
            }
            while (at < text.length() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
                at++;
            }
            if (at == unit) {
                throw new IllegalArgumentException("time: missing unit in duration " + GoText.quote(text));
            }
            long one = nanosOf(text.substring(unit, at), text);
            nanos = plus(nanos, whole(text, number, point, one), text);
            nanos = plus(nanos, fraction(text, point + 1, unit, one), text);
        }
        return Duration.ofNanos(text.startsWith("-") ? -nanos : nanos);
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static long whole(String text, int from, int to, long unit) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                throw invalid(text);
            }
            value = value * 10 + digit;
        }
        if (value > Long.MAX_VALUE / unit) {
            throw invalid(text);
        }
        return value * unit;
    }

    /** What lies behind the point, in nanoseconds; what is less than one is left away. */
    private static long fraction(String text, int from, int to, long unit) {
        long value = 0;
        long scale = 1;
        for (int i = from; i < to && scale < MOST_OF_FRACTION; i++) {
            value = value * 10 + (text.charAt(i) - '0');
            scale *= 10;
        }
        return (long) (value * ((double) unit / scale));
    }

    private static long plus(long one, long other, String text) {
        long sum = one + other;
        if (sum < 0) {
            throw invalid(text);
        }
        return sum;
    }

    /** The duration as Go prints it: {@code 1h0m0s}, {@code 1m30s}, {@code 1.5s}, {@code 300ms}, {@code 0s}. */
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        var length = duration.abs();
        String sign = duration.isNegative() ? "-" : "";
        if (length.compareTo(Duration.ofSeconds(1)) < 0) {
            long nanos = length.toNanos();
            return sign
                    + (nanos < 1_000
                            ? nanos + "ns"
                            : nanos < 1_000_000 ? decimal(nanos, 3) + "\u00b5s" : decimal(nanos, 6) + "ms");
        }
        long hours = length.toHours();
        String hoursText = hours > 0 ? hours + "h" : "";
        String minutesText = length.toMinutes() > 0 ? length.toMinutesPart() + "m" : "";
        return sign + hoursText + minutesText
                + decimal(length.toSecondsPart() * 1_000_000_000L + length.toNanosPart(), 9) + "s";
    }

    private static String decimal(long value, int places) {
        return BigDecimal.valueOf(value, places).stripTrailingZeros().toPlainString();
    }

    private static long nanosOf(String unit, String text) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default ->
                throw new IllegalArgumentException(
                        "time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
        };
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration " + GoText.quote(text));
    }
}
