package io.pilothouse.apiserver.fairness;

import java.util.ArrayDeque;

/**
 * How long who was turned away is asked to wait. Doubled when in that time three times as many were turned away as it has seconds, but not sooner
 * than after that time again; a second less when fewer were than it has seconds. Safe for use by many threads.
 */
final class DroppedRequests {
    private static final int LONGEST = 32;
    private static final int GROWTH_RATIO = 3;

    private record Second(long at, int dropped) {}

    private final ArrayDeque<Second> history = new ArrayDeque<>();
    private long second;
    private int dropped;
    private long lastGrowth;
    private int retryAfter = 1;

    /** Notes one that was turned away. @return seconds after which it may come again */
    synchronized int note(long nowSeconds) {
        if (nowSeconds != second) {
            history.addLast(new Second(second, dropped));
            history.removeIf(s -> nowSeconds - s.at() > LONGEST);
            second = nowSeconds;
            dropped = 0;
            adjust(nowSeconds);
        }
        dropped++;
        return retryAfter;
    }

    private void adjust(long now) {
        int recently = history.stream()
                .filter(s -> now - s.at() <= retryAfter)
                .mapToInt(Second::dropped)
                .sum();
        if (now - lastGrowth >= retryAfter && recently >= GROWTH_RATIO * retryAfter) {
            retryAfter = Math.min(LONGEST, retryAfter * 2);
            lastGrowth = now;
        } else if (recently < retryAfter && retryAfter > 1) {
            retryAfter--;
        }
    }
}
