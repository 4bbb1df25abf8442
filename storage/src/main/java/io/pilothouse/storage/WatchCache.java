package io.pilothouse.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything under a prefix, in memory and in order, fed by one etcd watch. The watch covers the whole key space: every revision of etcd
 * brings an event then, so that the cache reaches any revision a consistent read names, with no need for progress notifications. Readers
 * take immutable snapshots and no lock. All methods are safe on any thread.
 *
 * @param <E> what an entry is made into
 */
public final class WatchCache<E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchCache.class);
    static final String ALL_KEYS = "\0";
    private static final long EXPIRE_EACH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private final EtcdStore store;
    private final WatchCacheConfig config;
    private final CacheEntry.Decoder<E> decoder;
    private final CountDownLatch filled = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private record Kept<E>(CacheSnapshot<E> snapshot, long sinceNanos) {}

    /** Held to change the state and to begin a subscription. */
    private final ReentrantLock feed = new ReentrantLock();

    private final EventHistory<E> history;
    private final PastEvents<E> past;
    private final PastValues<E> replaced;
    /** When old events were last looked for. Guarded by {@link #feed}. */
    private long expiredNanos = System.nanoTime();

    private final Subscribers<E> subscribers;
    private final ConcurrentSkipListMap<Long, Kept<E>> kept = new ConcurrentSkipListMap<>();
    private final Map<String, List<Handover<E>>> handovers = new ConcurrentHashMap<>();
    private volatile CacheSnapshot<E> current = new CacheSnapshot<>(0, PersistentMap.empty());
    private volatile long dispatched;
    private volatile Runnable afterDispatch = () -> {};
    private volatile EtcdStore.@Nullable Watch watch;

    /** Guards only the wait for a revision. */
    private final ReentrantLock waiting = new ReentrantLock();

    private final Condition advanced = waiting.newCondition();

    private WatchCache(
            EtcdStore store,
            WatchCacheConfig config,
            ValueTransformer transformer,
            CacheEntry.Decoder<E> decoder,
            Consumer<E> shrink) {
        this.store = store;
        this.config = config;
        this.decoder = stored -> decoder.decode(new KeyValue(
                stored.key(),
                transformer.fromStorage(stored.key(), stored.value()),
                stored.createRevision(),
                stored.modRevision(),
                stored.version(),
                stored.lease()));
        this.history = new EventHistory<>(config.prefix(), config.eventsPerGroup(), config.age());
        this.past = new PastEvents<>(store, config, decoder, history, feed);
        this.replaced = new PastValues<>(shrink);
        this.subscribers = new Subscribers<>(config.prefix());
    }

    /**
     * Begins to fill a cache; see {@link #awaitFilled}.
     *
     * @param store stays the caller's to close
     * @param transformer between stored and plain values
     * @param decoder runs when an entry's value is first asked for, on that thread
     */
    public static <E> WatchCache<E> start(
            EtcdStore store, WatchCacheConfig config, ValueTransformer transformer, CacheEntry.Decoder<E> decoder) {
        return start(store, config, transformer, decoder, value -> {});
    }

    /**
     * The same.
     *
     * @param shrink may have a value take less memory that is kept for the sake of the past alone, while others read it; runs on a thread of the
     *     cache's, after a while, for most such values
     */
    public static <E> WatchCache<E> start(
            EtcdStore store,
            WatchCacheConfig config,
            ValueTransformer transformer,
            CacheEntry.Decoder<E> decoder,
            Consumer<E> shrink) {
        WatchCache<E> cache = new WatchCache<>(store, config, transformer, decoder, shrink);
        Thread.ofVirtual().name("watch-cache-fill").start(cache::fill);
        return cache;
    }

    private void fill() {
        while (closed.getCount() > 0) {
            try {
                load();
                return;
            } catch (StorageException e) {
                LOG.atWarn().addKeyValue("reason", e.getMessage()).log("watch cache can't be filled yet");
                try {
                    var _ = closed.await(200, TimeUnit.MILLISECONDS);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private void load() {
        String end = EtcdStore.prefixEnd(config.prefix());
        RangeResult page = store.range(config.prefix(), end, 0, config.loadPage());
        long revision = page.revision();
        List<String> keys = new ArrayList<>();
        List<CacheEntry<E>> entries = new ArrayList<>();
        while (true) {
            for (KeyValue keyValue : page.keyValues()) {
                keys.add(keyValue.key());
                entries.add(new CacheEntry<>(keyValue, decoder, List.of()));
            }
            if (!page.more()) {
                break;
            }
            page = store.range(keys.getLast() + "\0", end, revision, config.loadPage());
        }
        feed.lock();
        try {
            subscribers.endAll(Subscription.End.RESET);
            history.reset(revision);
            kept.clear();
            handovers.clear();
            CacheSnapshot<E> snapshot = new CacheSnapshot<>(revision, PersistentMap.ofSorted(keys, entries));
            keep(snapshot);
            current = snapshot;
            dispatched = revision;
        } finally {
            feed.unlock();
        }
        signalAdvanced();
        filled.countDown();
        LOG.atInfo()
                .addKeyValue("entries", keys.size())
                .addKeyValue("revision", revision)
                .log("watch cache filled");
        EtcdStore.Watch next = store.watch(ALL_KEYS, ALL_KEYS, revision + 1, false, new Feed());
        watch = next;
        if (closed.getCount() == 0) {
            next.close();
        }
    }

    /** Takes the watch's events. */
    private final class Feed implements WatchListener {
        @Override
        public void onEvents(List<WatchEvent> events, long upToRevision) {
            feed.lock();
            try {
                apply(events, upToRevision);
            } finally {
                feed.unlock();
            }
            signalAdvanced();
        }

        @Override
        public void onCompacted(long compactRevision) {
            LOG.atWarn().addKeyValue("compacted", compactRevision).log("watch cache begins anew");
            Thread.ofVirtual().name("watch-cache-fill").start(WatchCache.this::fill);
        }
    }

    private void apply(List<WatchEvent> events, long upToRevision) {
        PersistentMap<CacheEntry<E>> map = current.entries();
        List<CacheEvent<E>> changes = new ArrayList<>();
        long lastChange = 0;
        for (WatchEvent event : events) {
            String key = event.current().key();
            if (!key.startsWith(config.prefix())) {
                continue;
            }
            if (lastChange > 0 && event.revision() > lastChange) {
                keep(new CacheSnapshot<>(lastChange, map));
            }
            lastChange = event.revision();
            CacheEntry<E> before = map.get(key);
            if (event.deleted()) {
                if (before != null) {
                    map = map.without(key);
                    changes.add(new CacheEvent<>(CacheEvent.Type.DELETED, lastChange, before, Optional.of(before)));
                }
            } else {
                CacheEntry<E> entry = new CacheEntry<>(event.current(), decoder, writersOf(key, lastChange));
                entry.settle();
                map = map.with(key, entry);
                CacheEvent.Type type = before == null ? CacheEvent.Type.CREATED : CacheEvent.Type.UPDATED;
                changes.add(new CacheEvent<>(type, lastChange, entry, Optional.ofNullable(before)));
            }
        }
        if (lastChange > 0) {
            keep(new CacheSnapshot<>(lastChange, map));
        }
        remember(changes);
        current = new CacheSnapshot<>(upToRevision, map);
        changes.forEach(subscribers::dispatch);
        dispatched = upToRevision;
        changes.forEach(change -> change.previous().ifPresent(replaced::add));
        if (!changes.isEmpty()) {
            afterDispatch.run();
        }
    }

    private void remember(List<CacheEvent<E>> changes) {
        long now = System.nanoTime();
        for (CacheEvent<E> change : changes) {
            history.add(change, now);
        }
        if (now - expiredNanos > EXPIRE_EACH_NANOS) {
            expiredNanos = now;
            history.expire(now);
        }
    }

    private void keep(CacheSnapshot<E> snapshot) {
        long now = System.nanoTime();
        kept.put(snapshot.revision(), new Kept<>(snapshot, now));
        long oldest = now - config.age().toNanos();
        // The second oldest tells until when the oldest was the present state.
        while (kept.size() > 1) {
            Map.Entry<Long, Kept<E>> first = kept.firstEntry();
            Map.Entry<Long, Kept<E>> second = kept.higherEntry(first.getKey());
            if (kept.size() <= config.snapshots() && second.getValue().sinceNanos() >= oldest) {
                break;
            }
            kept.remove(first.getKey());
        }
    }

    /** Who may have written that revision; a writer that is known to have needs no place here after it. */
    private List<Handover<E>> writersOf(String key, long revision) {
        List<Handover<E>> open = handovers.get(key);
        if (open == null) {
            return List.of();
        }
        open.stream()
                .filter(writer -> writer.revision() >= 0 && writer.revision() <= revision)
                .forEach(this::forget);
        return open;
    }

    private void signalAdvanced() {
        waiting.lock();
        try {
            advanced.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /** Waits for the first fill; false when it took longer. */
    public boolean awaitFilled(Duration patience) throws InterruptedException {
        return filled.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it has been filled. */
    public boolean isFilled() {
        return filled.getCount() == 0;
    }

    /** The present state; never blocks. Revision 0 until filled. */
    public CacheSnapshot<E> snapshot() {
        return current;
    }

    /** The revision the cache has reached, changes outside its prefix included. */
    public long currentRevision() {
        return current.revision();
    }

    /** The state at exactly that revision; empty when it is not kept any more, or not reached. */
    public Optional<CacheSnapshot<E>> snapshotAt(long revision) {
        CacheSnapshot<E> now = current;
        if (revision > now.revision()) {
            return Optional.empty();
        }
        Map.Entry<Long, Kept<E>> at = kept.floorEntry(revision);
        return at == null
                ? Optional.empty()
                : Optional.of(at.getValue().snapshot().at(revision));
    }

    /**
     * Waits until the cache has reached a revision.
     *
     * @throws StorageException.Timeout when it took longer
     */
    public CacheSnapshot<E> awaitRevision(long revision, Duration patience) throws InterruptedException {
        CacheSnapshot<E> now = current;
        if (now.revision() >= revision) {
            return now;
        }
        waiting.lock();
        try {
            long left = patience.toNanos();
            while (true) {
                now = current;
                if (now.revision() >= revision) {
                    return now;
                }
                if (left <= 0) {
                    throw new StorageException.Timeout(
                            "revision " + revision + " not reached, at " + now.revision(), null);
                }
                left = advanced.awaitNanos(left);
            }
        } finally {
            waiting.unlock();
        }
    }

    /** A state that has everything that was acknowledged before the call; costs a share of one small read of etcd. */
    public CacheSnapshot<E> readConsistent(Duration patience) throws InterruptedException {
        return awaitRevision(store.linearizableRevision(), patience);
    }

    /**
     * Announces a write of a key, before its transaction; the caller then calls {@link Handover#committed}, and closes it in any case. The
     * entry of that revision will be the writer's own.
     */
    public Handover<E> prepare(String key) {
        Handover<E> handover = new Handover<>(key, this::settled);
        handovers.compute(key, (k, open) -> {
            List<Handover<E>> more = open == null ? new ArrayList<>(1) : new ArrayList<>(open);
            more.add(handover);
            return more;
        });
        return handover;
    }

    private void settled(Handover<E> handover) {
        if (handover.revision() <= 0) {
            forget(handover);
            return;
        }
        // Under the feed lock: either the event was applied, then the entry knows the handover; or it comes and must
        // find it here.
        feed.lock();
        try {
            if (current.revision() >= handover.revision()) {
                current.get(handover.key()).ifPresent(CacheEntry::settle);
                forget(handover);
            }
        } finally {
            feed.unlock();
        }
    }

    private void forget(Handover<E> handover) {
        handovers.computeIfPresent(handover.key(), (key, open) -> {
            List<Handover<E>> rest = new ArrayList<>(open);
            rest.remove(handover);
            return rest.isEmpty() ? null : rest;
        });
    }

    /**
     * Subscribes to what changes after a revision.
     *
     * @param keyOrPrefix a key, or a prefix that ends with a slash and lies within the cache's
     * @param fromRevision exclusive; one that is not reached yet is waited for
     * @throws StorageException.Compacted when events after it are not kept any more
     */
    public Subscription<E> watch(String keyOrPrefix, long fromRevision) {
        return subscribe(keyOrPrefix, fromRevision, null);
    }

    /** As {@link #watch(String, long)}, for entries only that have or had an index value. */
    public Subscription<E> watch(String keyOrPrefix, long fromRevision, IndexKey<E> index) {
        return subscribe(keyOrPrefix, fromRevision, index);
    }

    private Subscription<E> subscribe(String keyOrPrefix, long fromRevision, @Nullable IndexKey<E> index) {
        if (!keyOrPrefix.startsWith(config.prefix())) {
            throw new IllegalArgumentException(keyOrPrefix + " is not within " + config.prefix());
        }
        boolean whole = keyOrPrefix.endsWith("/");
        Subscription<E> subscription = new Subscription<>(
                keyOrPrefix, index, fromRevision, config.subscriberQueue(), () -> dispatched, subscribers::remove);
        if (isFilled()) {
            past.read(keyOrPrefix, fromRevision, current);
        }
        feed.lock();
        try {
            subscription.begin(history.after(
                    keyOrPrefix,
                    fromRevision,
                    event -> (whole
                                    ? event.key().startsWith(keyOrPrefix)
                                    : event.key().equals(keyOrPrefix))
                            && (index == null || index.fits(event))));
            subscribers.add(subscription);
        } finally {
            feed.unlock();
        }
        return subscription;
    }

    /** Runs an action whenever listeners of subscriptions have been told of some changes: once for all of them. It must be quick. */
    public void afterDispatch(Runnable action) {
        afterDispatch = action;
    }

    /** Ends the watch and all subscriptions. */
    @Override
    public void close() {
        closed.countDown();
        EtcdStore.Watch running = watch;
        if (running != null) {
            running.close();
        }
        replaced.close();
        subscribers.endAll(Subscription.End.CLOSED);
    }
}
