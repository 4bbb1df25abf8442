package io.pilothouse.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Recent events, so many for each first path segment below the cache's prefix: a busy resource does not push a quiet one's out. Guarded by
 * the cache's feed lock.
 */
final class EventHistory<E> {
    private final String prefix;
    private final int perGroup;
    private final Map<String, Ring<E>> rings = new HashMap<>();
    private long base;

    private static final class Ring<E> {
        final ArrayDeque<CacheEvent<E>> events = new ArrayDeque<>();
        long evictedThrough;
    }

    EventHistory(String prefix, int perGroup) {
        this.prefix = prefix;
        this.perGroup = perGroup;
    }

    /** Everything up to that revision is not known. */
    void reset(long revision) {
        rings.clear();
        base = revision;
    }

    private String group(String key) {
        int slash = key.indexOf('/', prefix.length());
        return slash < 0 ? key : key.substring(prefix.length(), slash);
    }

    /** After which revision everything is known, but for what was too much for a group. */
    long base() {
        return base;
    }

    /** Takes the events between an earlier revision and the base, in order. */
    void prepend(List<CacheEvent<E>> earlier, long earlierBase) {
        for (CacheEvent<E> event : earlier.reversed()) {
            Ring<E> ring = rings.computeIfAbsent(group(event.key()), group -> new Ring<>());
            if (ring.events.size() == perGroup) {
                ring.evictedThrough = Math.max(ring.evictedThrough, event.revision());
            } else if (ring.evictedThrough == 0) {
                ring.events.addFirst(event);
            }
        }
        base = earlierBase;
    }

    void add(CacheEvent<E> event) {
        Ring<E> ring = rings.computeIfAbsent(group(event.key()), group -> new Ring<>());
        if (ring.events.size() == perGroup) {
            ring.evictedThrough = ring.events.remove().revision();
        }
        ring.events.add(event);
    }

    /**
     * The events after that revision that fit.
     *
     * @param keyPrefix a key, or a prefix of keys that ends with a slash
     * @throws StorageException.Compacted when some of them are gone
     */
    List<CacheEvent<E>> after(String keyPrefix, long revision, Predicate<CacheEvent<E>> fits) {
        List<CacheEvent<E>> found = new ArrayList<>();
        if (keyPrefix.length() <= prefix.length()) {
            for (Ring<E> ring : rings.values()) {
                collect(ring, revision, fits, found);
            }
            found.sort(
                    Comparator.comparingLong(CacheEvent::revision)); // stable: a revision's order within a group stays
        } else {
            Ring<E> ring = rings.get(group(keyPrefix));
            if (ring != null) {
                collect(ring, revision, fits, found);
            }
        }
        if (revision < base) {
            throw new StorageException.Compacted("too old revision: " + revision + " (" + base + ")", base);
        }
        return found;
    }

    private static <E> void collect(
            Ring<E> ring, long revision, Predicate<CacheEvent<E>> fits, List<CacheEvent<E>> into) {
        if (revision < ring.evictedThrough) {
            throw new StorageException.Compacted(
                    "too old revision: " + revision + " (" + ring.evictedThrough + ")", ring.evictedThrough);
        }
        List<CacheEvent<E>> newestFirst = new ArrayList<>();
        for (Iterator<CacheEvent<E>> events = ring.events.descendingIterator(); events.hasNext(); ) {
            CacheEvent<E> event = events.next();
            if (event.revision() <= revision) {
                break;
            }
            if (fits.test(event)) {
                newestFirst.add(event);
            }
        }
        Collections.reverse(newestFirst);
        into.addAll(newestFirst);
    }
}
