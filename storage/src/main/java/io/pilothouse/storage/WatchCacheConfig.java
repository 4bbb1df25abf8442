package io.pilothouse.storage;

import java.time.Duration;

/**
 * A watch cache's bounds.
 *
 * @param prefix the keys it holds, such as {@code /registry/}
 * @param eventsPerGroup how many recent events are kept, to start watches from the past, for each first path segment after the prefix; a
 *     hundredth of them whatever their age
 * @param snapshots how many recent states are kept, for lists at an exact revision
 * @param age for how long events and states are kept
 * @param subscriberQueue how many events a subscriber may lag behind before it is ended
 * @param loadPage keys read at once when the cache is filled
 */
public record WatchCacheConfig(
        String prefix, int eventsPerGroup, int snapshots, Duration age, int subscriberQueue, int loadPage) {
    /** Checks the bounds. */
    public WatchCacheConfig {
        if (!prefix.endsWith("/") || eventsPerGroup < 1 || snapshots < 1 || subscriberQueue < 1 || loadPage < 1) {
            throw new IllegalArgumentException("prefix must end with a slash and bounds must be positive");
        }
    }

    /** 10,000 events a group and 5,000 states, for 75 s, queues of 10,000, pages of 10,000. */
    public static WatchCacheConfig of(String prefix) {
        return new WatchCacheConfig(prefix, 10_000, 5_000, Duration.ofSeconds(75), 10_000, 10_000);
    }
}
