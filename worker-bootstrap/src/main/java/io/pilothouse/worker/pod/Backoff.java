package io.pilothouse.worker.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How long to wait before something is tried again: 10 s, doubled each time up to 5 min, forgotten after 10 min of peace. One thread. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofMinutes(5);
    private static final Duration FORGET = Duration.ofMinutes(10);
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(Duration pause, Instant last) {}

    /** Whether to wait still, for a failure at that time. */
    boolean waiting(String key, Instant failedAt, Instant now) {
        Entry entry = entries.get(key);
        return entry != null && now.isBefore(failedAt.plus(entry.pause()));
    }

    /** The present wait. */
    Duration pause(String key) {
        Entry entry = entries.get(key);
        return entry == null ? Duration.ZERO : entry.pause();
    }

    /** Notes a try. */
    void tried(String key, Instant now) {
        Entry entry = entries.get(key);
        if (entry == null || Duration.between(entry.last(), now).compareTo(FORGET.plus(entry.pause())) > 0) {
            entries.put(key, new Entry(FIRST, now));
        } else {
            Duration doubled = entry.pause().multipliedBy(2);
            entries.put(key, new Entry(doubled.compareTo(MAX) > 0 ? MAX : doubled, now));
        }
    }
}
