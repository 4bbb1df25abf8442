package io.pilothouse.apiserver.server;

import io.pilothouse.machinery.gotext.GoDuration;
import java.time.Duration;

/** Durations as Go writes them, none of which is negative: 1h30m, 2m0s, 500ms, 0. */
final class Durations {
    private Durations() {}

    /** @throws IllegalArgumentException for what is no duration */
    static Duration parse(String text) {
        Duration duration;
        try {
            duration = GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        if (duration.isNegative()) {
            throw wrong(text);
        }
        return duration;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not a duration such as 1h30m or 10s");
    }
}
