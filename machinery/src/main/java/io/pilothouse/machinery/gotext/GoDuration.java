package io.pilothouse.machinery.gotext;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Go reads them: {@code 300ms}, {@code -1.5h}, {@code 2h45m}, {@code 0}. */
public final class GoDuration {
    private static final Pattern NUMBER = Pattern.compile("[0-9]*(?:\\.[0-9]*)?");
    private static final Pattern UNIT = Pattern.compile("[^.0-9]*");
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException in Go's words for what is none, or does not fit into 64 bits of nanoseconds
     */
    public static Duration parse(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String rest = signed ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty()) {
            throw invalid(text);
        }
        var nanos = BigDecimal.ZERO;
        var numbers = NUMBER.matcher(rest);
        var units = UNIT.matcher(rest);
        for (int at = 0; at < rest.length(); at = units.end()) {
            numbers.region(at, rest.length()).lookingAt();
            String number = numbers.group();
            if (number.isEmpty() || number.equals(".")) {
                throw invalid(text);
            }
            units.region(numbers.end(), rest.length()).lookingAt();
            if (units.group().isEmpty()) {
                throw new IllegalArgumentException("time: missing unit in duration " + GoText.quote(text));
            }
            nanos = nanos.add(new BigDecimal("0" + number + (number.endsWith(".") ? "0" : ""))
                    .multiply(BigDecimal.valueOf(nanosOf(units.group(), text))));
            if (nanos.compareTo(MOST) > 0) {
                throw invalid(text);
            }
        }
        long whole = nanos.longValue();
        return Duration.ofNanos(text.startsWith("-") ? -whole : whole);
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
