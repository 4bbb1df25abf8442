package io.pilothouse.apiserver.catalog;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A text in which the time since an instant stands, in kubectl's short words; so it can be read from an object once and be told at any time.
 *
 * @param before what goes before
 * @param since null where the text has no time in it
 * @param after what goes after
 */
public record Aged(String before, @Nullable Instant since, String after) {
    /** A text that does not grow old. */
    public static Aged never(String text) {
        return new Aged(text, null, "");
    }

    /** The time since an instant and nothing else. */
    public static Aged since(Instant then) {
        return new Aged("", then, "");
    }

    /** The same of a time in RFC 3339; another text where there is none. */
    public static Aged since(String time, String otherwise) {
        return time.isEmpty() ? never(otherwise) : since(Instant.parse(time));
    }

    /** The text as of a time. */
    public String at(Instant now) {
        return since == null ? before : before + words(Duration.between(since, now)) + after;
    }

    /** A duration in the short words of kubectl: 5s, 3m12s, 4h, 2d3h, 1y20d. */
    public static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return seconds % 60 == 0 ? minutes + "m" : minutes + "m" + seconds % 60 + "s";
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return minutes % 60 == 0 ? hours + "h" : hours + "h" + minutes % 60 + "m";
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (hours < 192) {
            return hours % 24 == 0 ? days + "d" : days + "d" + hours % 24 + "h";
        }
        if (days < 730) {
            return days + "d";
        }
        long years = days / 365;
        if (days < 8 * 365) {
            return days % 365 == 0 ? years + "y" : years + "y" + days % 365 + "d";
        }
        return years + "y";
    }
}
