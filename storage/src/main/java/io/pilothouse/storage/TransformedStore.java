package io.pilothouse.storage;

import java.util.List;
import java.util.Optional;

/**
 * A store whose values are plain to the caller and transformed in etcd. Watches deliver values as stored, since one that can't be read must
 * not end a watch: whoever watches transforms each by itself, as {@link WatchCache} does, which takes the store beneath.
 */
public final class TransformedStore extends DelegatingStore {
    private final ValueTransformer transformer;

    /** Wraps a store; closing this closes it. */
    public TransformedStore(EtcdStore store, ValueTransformer transformer) {
        super(store);
        this.transformer = transformer;
    }

    private KeyValue plain(KeyValue stored) {
        return new KeyValue(
                stored.key(),
                transformer.fromStorage(stored.key(), stored.value()),
                stored.createRevision(),
                stored.modRevision(),
                stored.version(),
                stored.lease());
    }

    private Op stored(Op op) {
        return op instanceof Op.Put put
                ? new Op.Put(put.key(), transformer.toStorage(put.key(), put.value()), put.lease())
                : op;
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return store().get(key).map(this::plain);
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) {
        return store().get(key, revision).map(this::plain);
    }

    @Override
    public RangeResult range(String start, String endExclusive, long revision, int limit) {
        RangeResult range = store().range(start, endExclusive, revision, limit);
        return new RangeResult(
                range.keyValues().stream().map(this::plain).toList(), range.revision(), range.more(), range.count());
    }

    @Override
    public boolean isStale(String key) {
        return store().get(key)
                .map(stored -> transformer.isStale(key, stored.value()))
                .orElse(false);
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        try {
            return store().create(key, transformer.toStorage(key, value), leaseId);
        } catch (StorageException.KeyExists e) {
            throw new StorageException.KeyExists(plain(e.current()));
        }
    }

    @Override
    public long update(String key, byte[] value, long expectedModRevision, long leaseId) {
        try {
            return store().update(key, transformer.toStorage(key, value), expectedModRevision, leaseId);
        } catch (StorageException.RevisionConflict e) {
            throw new StorageException.RevisionConflict(plain(e.current()), expectedModRevision);
        }
    }

    @Override
    public Deleted delete(String key, long expectedModRevision) {
        try {
            Deleted deleted = store().delete(key, expectedModRevision);
            return new Deleted(plain(deleted.previous()), deleted.revision());
        } catch (StorageException.RevisionConflict e) {
            throw new StorageException.RevisionConflict(plain(e.current()), expectedModRevision);
        }
    }

    @Override
    public TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
        TxnResult result = store().txn(
                        conditions,
                        then.stream().map(this::stored).toList(),
                        otherwise.stream().map(this::stored).toList());
        return new TxnResult(
                result.succeeded(),
                result.revision(),
                result.results().stream()
                        .map(read -> read.stream().map(this::plain).toList())
                        .toList());
    }
}
