package io.pilothouse.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The events that a cache does not have or does not keep any more, read from etcd's own history: so many and so much of them as a cache keeps
 * anyway, and only what is whole. One reader.
 */
final class EarlierEvents<E> implements WatchListener {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of the values that are held together. */
    private static final long MAX_BYTES = 64L << 20;

    private final String prefix;
    private final int most;
    private final CacheEntry.Decoder<E> decoder;
    private final CacheSnapshot<E> state;
    private final long after;
    private final long through;
    private final List<CacheEvent<E>> events = new ArrayList<>();
    private final Map<String, CacheEntry<E>> latest = new HashMap<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private long bytes;
    private volatile boolean whole;

    /**
     * Of one read.
     *
     * @param gap whose keys are read, and up to which revision, inclusive; etcd has an event of it or of a later one
     * @param after exclusive
     * @param most so many events
     * @param state of a later revision, whose entries are used again where they are the same
     */
    EarlierEvents(EventHistory.Gap gap, long after, int most, CacheEntry.Decoder<E> decoder, CacheSnapshot<E> state) {
        this.prefix = gap.prefix();
        this.most = most;
        this.decoder = decoder;
        this.state = state;
        this.after = after;
        this.through = gap.through();
    }

    /**
     * Reads them in their order.
     *
     * @param all whether the gap's keys are all that the cache has: then a revision of any key will do
     * @return empty when etcd does not have them all any more, or they are too much
     */
    Optional<List<CacheEvent<E>>> read(EtcdStore store, boolean all) throws InterruptedException {
        String start = all ? WatchCache.ALL_KEYS : prefix;
        String end = all ? WatchCache.ALL_KEYS : EtcdStore.prefixEnd(prefix);
        // From that revision on and not from the next: where it is compacted etcd says so, and does not leave out what
        // was deleted in the very revision of the compaction, as some releases of etcd do.
        EtcdStore.Watch watch = store.watch(start, end, Math.max(1, after), true, this);
        try {
            boolean ended = done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return ended && whole ? Optional.of(events) : Optional.empty();
        } finally {
            watch.close();
        }
    }

    @Override
    public void onEvents(List<WatchEvent> batch, long upToRevision) {
        if (done.getCount() == 0) {
            return;
        }
        for (WatchEvent event : batch) {
            boolean within = event.revision() > after && event.revision() <= through;
            if (within && event.current().key().startsWith(prefix) && !take(event)) {
                done.countDown();
                return;
            }
        }
        if (upToRevision >= through) {
            whole = true;
            done.countDown();
        }
    }

    /** False where the event can't be told, or there are too many. */
    private boolean take(WatchEvent event) {
        String key = event.current().key();
        bytes += event.current().value().length
                + event.previous().map(before -> before.value().length).orElse(0);
        CacheEntry<E> before = latest.get(key);
        if (before == null && !event.created()) {
            before = event.previous().map(this::entry).orElse(null);
        }
        if (bytes > MAX_BYTES || events.size() == most || (before == null && !event.created())) {
            return false;
        }
        events.add(event(event, before));
        return true;
    }

    private CacheEvent<E> event(WatchEvent event, @Nullable CacheEntry<E> before) {
        String key = event.current().key();
        if (event.deleted()) {
            CacheEntry<E> gone = Objects.requireNonNull(before);
            latest.remove(key);
            return new CacheEvent<>(CacheEvent.Type.DELETED, event.revision(), gone, Optional.of(gone));
        }
        CacheEntry<E> now = entry(event.current());
        latest.put(key, now);
        return event.created()
                ? new CacheEvent<>(CacheEvent.Type.CREATED, event.revision(), now, Optional.empty())
                : new CacheEvent<>(CacheEvent.Type.UPDATED, event.revision(), now, Optional.ofNullable(before));
    }

    private CacheEntry<E> entry(KeyValue keyValue) {
        return state.get(keyValue.key())
                .filter(entry -> entry.modRevision() == keyValue.modRevision())
                .orElseGet(() -> new CacheEntry<>(keyValue, decoder, List.of()));
    }

    @Override
    public void onCompacted(long compactRevision) {
        done.countDown();
    }
}
