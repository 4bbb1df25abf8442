package io.pilothouse.bench.micro;

import io.pilothouse.storage.CacheEntry;
import io.pilothouse.storage.Compare;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.Op;
import io.pilothouse.storage.RangeResult;
import io.pilothouse.storage.TxnResult;
import io.pilothouse.storage.ValueTransformer;
import io.pilothouse.storage.WatchCache;
import io.pilothouse.storage.WatchCacheConfig;
import io.pilothouse.storage.WatchEvent;
import io.pilothouse.storage.WatchListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A store of some keys that never change by themselves: enough to fill a watch cache and to tell it of changes. It takes no writes. */
final class OneFeed implements EtcdStore {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private final List<KeyValue> keys;
    private final CompletableFuture<WatchListener> listener = new CompletableFuture<>();
    private long revision;

    /** @param keys in order; the last of their revisions is the store's */
    OneFeed(List<KeyValue> keys) {
        this.keys = List.copyOf(keys);
        this.revision = keys.stream().mapToLong(KeyValue::modRevision).max().orElse(1);
    }

    /** A cache over it that is filled. */
    <E> WatchCache<E> cache(CacheEntry.Decoder<E> decoder) {
        var cache = WatchCache.start(this, WatchCacheConfig.of("/registry/"), ValueTransformer.identity(), decoder);
        try {
            if (!cache.awaitFilled(PATIENCE)) {
                throw new IllegalStateException("the cache was not filled");
            }
            return cache;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Tells the cache that a key was changed, and returns when it has taken that in. */
    void change(String key, byte[] value) {
        revision++;
        var changed = new KeyValue(key, value, 1, revision, revision, 0);
        listener.join().onEvents(List.of(new WatchEvent(false, changed, Optional.empty())), revision);
    }

    @Override
    public RangeResult range(String start, String endExclusive, long at, int limit) {
        var found = keys.stream()
                .filter(kv -> kv.key().compareTo(start) >= 0 && kv.key().compareTo(endExclusive) < 0)
                .toList();
        boolean more = limit > 0 && found.size() > limit;
        return new RangeResult(more ? found.subList(0, limit) : found, revision, more, found.size());
    }

    @Override
    public Watch watch(
            String start, String endExclusive, long fromRevision, boolean withPrevious, WatchListener listening) {
        listener.complete(listening);
        return () -> {};
    }

    @Override
    public long linearizableRevision() {
        return revision;
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return keys.stream().filter(kv -> kv.key().equals(key)).findFirst();
    }

    @Override
    public Optional<KeyValue> get(String key, long at) {
        return get(key);
    }

    @Override
    public long count(String start, String endExclusive) {
        return range(start, endExclusive, 0, 0).count();
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        throw readOnly();
    }

    @Override
    public long update(String key, byte[] value, long expectedModRevision, long leaseId) {
        throw readOnly();
    }

    @Override
    public Deleted delete(String key, long expectedModRevision) {
        throw readOnly();
    }

    @Override
    public TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
        throw readOnly();
    }

    @Override
    public long grant(long ttlSeconds) {
        throw readOnly();
    }

    @Override
    public long sharedLease(long ttlSeconds) {
        throw readOnly();
    }

    @Override
    public void revoke(long leaseId) {
        throw readOnly();
    }

    @Override
    public void compact(long at) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a store that is only read");
    }

    @Override
    public void close() {}
}
