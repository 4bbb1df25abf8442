package io.pilothouse.apiserver.server;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Go writes them: 1h30m, 2m0s, 500ms. */
final class Durations {
    private static final Pattern WHOLE = Pattern.compile("(\\d+(\\.\\d+)?(h|m|s|ms|us|ns))+|0");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|ns)");

    private Durations() {}

    /** @throws IllegalArgumentException for what is no duration */
    static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 1h30m or 10s");
        }
        double nanos = 0;
        var parts = PART.matcher(text);
        while (parts.find()) {
            nanos += Double.parseDouble(parts.group(1))
                    * switch (parts.group(2)) {
                        case "h" -> 3600e9;
                        case "m" -> 60e9;
                        case "s" -> 1e9;
                        case "ms" -> 1e6;
                        case "us" -> 1e3;
                        default -> 1;
                    };
        }
        return Duration.ofNanos((long) nanos);
    }
}
