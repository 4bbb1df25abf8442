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
 * The events from before a cache was filled, read from etcd's own history: so many and so much of them as a cache keeps anyway, and only what is
 * whole. One reader.
 */
final class EarlierEvents<E> implements WatchListener {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of the values that are held together. */
    private static final long MAX_BYTES = 64L << 20;

    private final String prefix;
    private final CacheEntry.Decoder<E> decoder;
    private final CacheSnapshot<E> state;
    private final long through;
    private final List<CacheEvent<E>> events = new ArrayList<>();
    private final Map<String, CacheEntry<E>> latest = new HashMap<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private long bytes;
    private volatile boolean whole;

    private EarlierEvents(String prefix, CacheEntry.Decoder<E> decoder, CacheSnapshot<E> state, long through) {
        this.prefix = prefix;
        this.decoder = decoder;
        this.state = state;
        this.through = through;
    }

    /**
     * Reads them in their order.
     *
     * @param after exclusive
     * @param through inclusive; etcd has an event of that revision
     * @param state of a later revision, whose entries are used again where they are the same
     * @return empty when etcd does not have them all any more, or they are too much
     */
    static <E> Optional<List<CacheEvent<E>>> read(
            EtcdStore store,
            String prefix,
            CacheEntry.Decoder<E> decoder,
            CacheSnapshot<E> state,
            long after,
            long through)
            throws InterruptedException {
        EarlierEvents<E> reader = new EarlierEvents<>(prefix, decoder, state, through);
        EtcdStore.Watch watch = store.watch(WatchCache.ALL_KEYS, WatchCache.ALL_KEYS, after + 1, true, reader);
        try {
            boolean ended = reader.done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return ended && reader.whole ? Optional.of(reader.events) : Optional.empty();
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
            if (event.revision() <= through && event.current().key().startsWith(prefix) && !take(event)) {
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
        if (bytes > MAX_BYTES || (before == null && !event.created())) {
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
