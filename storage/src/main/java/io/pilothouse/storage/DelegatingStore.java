package io.pilothouse.storage;

import java.util.List;
import java.util.Optional;

/** A store that passes everything on to another one; closing it closes that one. */
public abstract class DelegatingStore implements EtcdStore {
    private final EtcdStore store;

    protected DelegatingStore(EtcdStore store) {
        this.store = store;
    }

    /** What it passes on to. */
    protected final EtcdStore store() {
        return store;
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return store.get(key);
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) {
        return store.get(key, revision);
    }

    @Override
    public RangeResult range(String start, String endExclusive, long revision, int limit) {
        return store.range(start, endExclusive, revision, limit);
    }

    @Override
    public boolean isStale(String key) {
        return store.isStale(key);
    }

    @Override
    public long count(String start, String endExclusive) {
        return store.count(start, endExclusive);
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        return store.create(key, value, leaseId);
    }

    @Override
    public long update(String key, byte[] value, long expectedModRevision, long leaseId) {
        return store.update(key, value, expectedModRevision, leaseId);
    }

    @Override
    public Deleted delete(String key, long expectedModRevision) {
        return store.delete(key, expectedModRevision);
    }

    @Override
    public TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
        return store.txn(conditions, then, otherwise);
    }

    @Override
    public long linearizableRevision() {
        return store.linearizableRevision();
    }

    @Override
    public long grant(long ttlSeconds) {
        return store.grant(ttlSeconds);
    }

    @Override
    public long sharedLease(long ttlSeconds) {
        return store.sharedLease(ttlSeconds);
    }

    @Override
    public void revoke(long leaseId) {
        store.revoke(leaseId);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public Watch watch(
            String start, String endExclusive, long fromRevision, boolean withPrevious, WatchListener listener) {
        return store.watch(start, endExclusive, fromRevision, withPrevious, listener);
    }

    @Override
    public void close() {
        store.close();
    }
}
