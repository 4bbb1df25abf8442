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
