package io.pilothouse.controllers.autoscaler;

import io.pilothouse.controllers.runtime.ClientOptions;
import java.time.Duration;

/** The length of a window as metrics servers write it: {@code 30s}, {@code 15.021s}, {@code 1m0s}. */
final class GoDuration {
    private static final double NANOS = 1e9;

    private GoDuration() {}

    /** Nothing where there is no such text. */
    static Duration parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            return whole(text);
        }
        int start = dot;
        while (start > 0 && Character.isDigit(text.charAt(start - 1))) {
            start--;
        }
        int end = dot + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        double seconds = text.startsWith("s", end) ? Double.parseDouble(text.substring(start, end)) : 0;
        return whole(text.substring(0, start)).plusNanos((long) (seconds * NANOS));
    }

    private static Duration whole(String text) {
        try {
            return text.isEmpty() ? Duration.ZERO : ClientOptions.duration(text);
        } catch (IllegalArgumentException e) {
            return Duration.ZERO;
        }
    }
}
