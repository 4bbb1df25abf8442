package io.pilothouse.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Recent events, so many for each group, which is the first path segment below the cache's prefix: a busy resource does not push a quiet one's
 * out. They go by age, but for a group's last few. Times are those of {@link System#nanoTime}. Guarded by the cache's feed lock.
 */
final class EventHistory<E> {
    /** One event in so many of those that a group may have stays, whatever its age: watches of quiet resources begin far in the past. */
    private static final int SHARE_OF_ANY_AGE = 100;

    private final String prefix;
    private final int perGroup;
    private final int ofAnyAge;
    private final long ageNanos;
    private final Map<String, Ring<E>> rings = new HashMap<>();
    private long base;

    private record Kept<E>(CacheEvent<E> event, long sinceNanos) {}

    private static final class Ring<E> {
        final ArrayDeque<Kept<E>> events = new ArrayDeque<>();
        long knownAfter;

        Ring(long knownAfter) {
            this.knownAfter = knownAfter;
        }

        /** With all of its revision: what is read again must not be doubled. */
        void removeOldest() {
            forget(events.element().event().revision());
        }

        void forget(long revision) {
            knownAfter = revision;
            while (!events.isEmpty() && events.element().event().revision() <= revision) {
                events.remove();
            }
        }
    }

    /**
     * Events that would be needed and are not known.
     *
     * @param prefix of the keys concerned: a group's, or the cache's for all of them
     * @param through the revision of the last of them; all after it are known
     */
    record Gap(String prefix, long through) {}

    EventHistory(String prefix, int perGroup, Duration age) {
        this.prefix = prefix;
        this.perGroup = perGroup;
        this.ofAnyAge = perGroup / SHARE_OF_ANY_AGE;
        this.ageNanos = age.toNanos();
    }

    /** Everything up to that revision is not known. */
    void reset(long revision) {
        rings.clear();
        base = revision;
    }

    private boolean ofAll(String keyPrefix) {
        return keyPrefix.length() <= prefix.length();
    }

    private String group(String key) {
        int slash = key.indexOf('/', prefix.length());
        return slash < 0 ? key : key.substring(prefix.length(), slash);
    }

    private Ring<E> ring(String key) {
        return rings.computeIfAbsent(group(key), group -> new Ring<>(base));
    }

    /** What came to be known just now. */
    void add(CacheEvent<E> event, long now) {
        Ring<E> ring = ring(event.key());
        if (ring.events.size() == perGroup) {
            ring.removeOldest();
        }
        ring.events.add(new Kept<>(event, now));
    }

    /** Lets go of what is too old. */
    void expire(long now) {
        for (Ring<E> ring : rings.values()) {
            while (ring.events.size() > ofAnyAge && now - ring.events.element().sinceNanos() > ageNanos) {
                ring.removeOldest();
            }
        }
    }

    /** What of the events after a revision is not known; empty when all of them are. */
    Optional<Gap> gap(String keyPrefix, long revision) {
        long known = base;
        String missing = prefix;
        if (ofAll(keyPrefix)) {
            for (Ring<E> ring : rings.values()) {
                known = Math.max(known, ring.knownAfter);
            }
        } else {
            Ring<E> ring = rings.get(group(keyPrefix));
            if (ring != null) {
                known = Math.max(known, ring.knownAfter);
                missing = revision < base ? prefix : prefix + group(keyPrefix) + "/";
            }
        }
        return revision < known ? Optional.of(new Gap(missing, known)) : Optional.empty();
    }

    /** How many earlier events of those keys could be kept; of keys that are in several groups, of the emptiest. */
    int room(String keyPrefix) {
        Ring<E> ring = ofAll(keyPrefix) ? null : rings.get(group(keyPrefix));
        return ring == null ? perGroup : perGroup - ring.events.size();
    }

    /**
     * Fills a gap, as far as the bounds allow.
     *
     * @param earlier all events of the gap's keys after that revision and through the gap's end, in order
     */
    void prepend(List<CacheEvent<E>> earlier, long after, Gap gap, long now) {
        Set<Ring<E>> full = new HashSet<>();
        for (CacheEvent<E> event : earlier.reversed()) {
            Ring<E> ring = ring(event.key());
            if (ring.knownAfter > gap.through || event.revision() > ring.knownAfter || full.contains(ring)) {
                continue; // another gap lies between, or it is known
            }
            if (ring.events.size() == perGroup) {
                full.add(ring);
                ring.forget(event.revision());
            } else {
                ring.events.addFirst(new Kept<>(event, now));
            }
        }
        for (Ring<E> ring : ofAll(gap.prefix) ? rings.values() : Set.of(ring(gap.prefix))) {
            if (ring.knownAfter <= gap.through && !full.contains(ring)) {
                ring.knownAfter = Math.min(ring.knownAfter, after);
            }
        }
        if (ofAll(gap.prefix)) {
            base = Math.min(base, after);
        }
    }

    /**
     * The events after that revision that fit.
     *
     * @param keyPrefix a key, or a prefix of keys that ends with a slash
     * @throws StorageException.Compacted when some of them are gone
     */
    List<CacheEvent<E>> after(String keyPrefix, long revision, Predicate<CacheEvent<E>> fits) {
        Optional<Gap> gap = gap(keyPrefix, revision);
        if (gap.isPresent()) {
            long known = gap.get().through;
            throw new StorageException.Compacted("too old revision: " + revision + " (" + known + ")", known);
        }
        List<CacheEvent<E>> found = new ArrayList<>();
        if (ofAll(keyPrefix)) {
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
        return found;
    }

    private static <E> void collect(
            Ring<E> ring, long revision, Predicate<CacheEvent<E>> fits, Collection<CacheEvent<E>> into) {
        List<CacheEvent<E>> newestFirst = new ArrayList<>();
        for (Iterator<Kept<E>> events = ring.events.descendingIterator(); events.hasNext(); ) {
            CacheEvent<E> event = events.next().event();
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
