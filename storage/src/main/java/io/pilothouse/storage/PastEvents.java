package io.pilothouse.storage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fills the gaps of a cache's history from etcd's, so that those who watched another server, or this one before it was started anew, or who were
 * away for a while, can go on where they were. One reads, the others that miss the same wait for it. Where etcd does not have it any more, or it
 * is more than a cache keeps, nothing changes.
 */
final class PastEvents<E> {
    /** The gap grows while it is read when events become too old meanwhile, which is looked at once a second. */
    private static final int ATTEMPTS = 3;

    private final EtcdStore store;
    private final WatchCacheConfig config;
    private final CacheEntry.Decoder<E> decoder;
    private final EventHistory<E> history;
    /** Guards the history. */
    private final ReentrantLock feed;

    private final ReentrantLock reading = new ReentrantLock();
    /** By prefix of keys: what came after that revision can't be had any more. Guarded by {@link #reading}. */
    private final Map<String, Long> lostThrough = new HashMap<>();

    PastEvents(
            EtcdStore store,
            WatchCacheConfig config,
            CacheEntry.Decoder<E> decoder,
            EventHistory<E> history,
            ReentrantLock feed) {
        this.store = store;
        this.config = config;
        this.decoder = decoder;
        this.history = history;
        this.feed = feed;
    }

    /**
     * Has the history know what came after a revision, if that can be done.
     *
     * @param state of the cache, reached already
     */
    void read(String keyPrefix, long after, CacheSnapshot<E> state) {
        if (!misses(keyPrefix, after)) {
            return;
        }
        try {
            reading.lockInterruptibly();
            try {
                for (int attempt = 0; attempt < ATTEMPTS && fill(keyPrefix, after, state); attempt++) {
                    // the gap has grown
                }
            } finally {
                reading.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean misses(String keyPrefix, long after) {
        feed.lock();
        try {
            return history.gap(keyPrefix, after).isPresent();
        } finally {
            feed.unlock();
        }
    }

    /** True when the gap was another after it had been read. */
    private boolean fill(String keyPrefix, long after, CacheSnapshot<E> state) throws InterruptedException {
        EventHistory.Gap gap;
        int room;
        feed.lock();
        try {
            gap = history.gap(keyPrefix, after).orElse(null);
            room = history.room(keyPrefix);
        } finally {
            feed.unlock();
        }
        if (gap == null || room == 0 || after <= lostThrough.getOrDefault(gap.prefix(), 0L)) {
            return false;
        }
        boolean all = gap.prefix().equals(config.prefix());
        int most = all ? config.eventsPerGroup() : room;
        if (all && gap.through() - after > most) {
            return false; // a cheap guess: most revisions are of one key of the cache's
        }
        Optional<List<CacheEvent<E>>> events = new EarlierEvents<>(gap, after, most, decoder, state).read(store, all);
        if (events.isEmpty()) {
            lostThrough.put(gap.prefix(), after);
            return false;
        }
        feed.lock();
        try {
            if (!history.gap(keyPrefix, after).equals(Optional.of(gap))) {
                return true;
            }
            history.prepend(events.get(), after, gap, System.nanoTime());
            if (history.gap(keyPrefix, after).isPresent()) {
                lostThrough.put(gap.prefix(), after); // more than it keeps, and that for good
            }
            return false;
        } finally {
            feed.unlock();
        }
    }
}
