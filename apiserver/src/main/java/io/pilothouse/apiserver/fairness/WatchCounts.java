package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.request.RequestInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many watches are open on what: each change costs as much again for each of them. Safe for use by many threads. */
public final class WatchCounts {
    private record Place(String group, String resource, String namespace, String name) {}

    private final Map<Place, AtomicInteger> counts = new ConcurrentHashMap<>();

    /** Counts a watch until the registration is closed. */
    public Registration register(RequestInfo info) {
        var place = new Place(info.group(), info.resource(), info.namespace(), info.name());
        counts.computeIfAbsent(place, p -> new AtomicInteger()).incrementAndGet();
        return () -> counts.computeIfPresent(place, (p, count) -> count.decrementAndGet() == 0 ? null : count);
    }

    /** A watch's place in the count. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** How many watches are told of a change that a request makes. */
    int interestedIn(RequestInfo info) {
        if (counts.isEmpty()) {
            return 0;
        }
        int sum = count(info, "", "");
        if (!info.namespace().isEmpty()) {
            sum += count(info, info.namespace(), "");
        }
        if (!info.name().isEmpty()) {
            sum += count(info, info.namespace(), info.name());
        }
        return sum;
    }

    private int count(RequestInfo info, String namespace, String name) {
        var count = counts.get(new Place(info.group(), info.resource(), namespace, name));
        return count == null ? 0 : count.get();
    }
}
