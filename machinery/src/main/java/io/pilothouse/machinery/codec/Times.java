package io.pilothouse.machinery.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of Time and MicroTime. */
final class Times {
    private static final DateTimeFormatter MICRO = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern SHAPE =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{1,2}:\\d{2}:\\d{2})([.,]\\d+)?(Z|[+-]\\d{2}:\\d{2})");

    private Times() {}

    static String seconds(Instant time) {
        return SECONDS.format(time);
    }

    static String micros(Instant time) {
        return MICRO.format(time);
    }

    /** Reads RFC 3339; a fraction of a second is dropped. */
    static Instant parseSeconds(String text) {
        return parse(text, "2006-01-02T15:04:05Z07:00", false);
    }

    /** Reads RFC 3339 with exactly six digits of a second. */
    static Instant parseMicros(String text) {
        return parse(text, "2006-01-02T15:04:05.000000Z07:00", true);
    }

    private static Instant parse(String text, String layout, boolean micro) {
        Instant usual = usual(text, micro);
        return usual == null ? unusual(text, layout, micro) : usual;
    }

    /** A time in UTC with two digits of everything, as the server writes them; null for any other text. Formatters take far longer. */
    private static @Nullable Instant usual(String text, boolean micro) {
        int length = micro ? 27 : 20;
        if (text.length() != length || text.charAt(length - 1) != 'Z') {
            return null;
        }
        for (int i = 0; i < length - 1; i++) {
            char wanted = "0000-00-00T00:00:00.000000".charAt(i);
            char c = text.charAt(i);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return null;
            }
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
            return null;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(
                days * 86_400 + hour * 3_600L + minute * 60L + second, micro ? number(text, 20, 26) * 1_000L : 0);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static Instant unusual(String text, String layout, boolean micro) {
        Matcher m = SHAPE.matcher(text);
        if (!m.matches() || (micro && (m.group(2) == null || m.group(2).length() != 7))) {
            throw unreadable(text, layout);
        }
        try {
            String local = m.group(1);
            LocalDateTime time = LocalDateTime.parse(
                    local.charAt(12) == ':' ? local.substring(0, 11) + "0" + local.substring(11) : local);
            ZoneOffset zone = m.group(3).equals("Z") ? ZoneOffset.UTC : ZoneOffset.of(m.group(3));
            long nanos = micro ? Long.parseLong(m.group(2).substring(1)) * 1000 : 0;
            return OffsetDateTime.of(time, zone).toInstant().plusNanos(nanos);
        } catch (DateTimeException e) {
            DecodeException wrapped = unreadable(text, layout);
            wrapped.initCause(e);
            throw wrapped;
        }
    }

    private static DecodeException unreadable(String text, String layout) {
        return new DecodeException(TimeProblem.of(text, layout));
    }
}
