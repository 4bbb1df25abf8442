package io.pilothouse.apiserver.server;

import io.pilothouse.storage.Compare;
import io.pilothouse.storage.DelegatingStore;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.Op;
import io.pilothouse.storage.RangeResult;
import io.pilothouse.storage.TxnResult;
import java.util.List;
import java.util.Optional;

/** A store of which every request is timed. Closing it closes the store. */
final class MeteredStore extends DelegatingStore {
    private final EtcdMetrics metrics;

    MeteredStore(EtcdStore store, EtcdMetrics metrics) {
        super(store);
        this.metrics = metrics;
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return metrics.timed("get", key, () -> store().get(key));
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) {
        return metrics.timed("get", key, () -> store().get(key, revision));
    }

    @Override
    public RangeResult range(String start, String endExclusive, long revision, int limit) {
        return metrics.timed("list", start, () -> store().range(start, endExclusive, revision, limit));
    }

    @Override
    public long count(String start, String endExclusive) {
        return metrics.timed("count", start, () -> store().count(start, endExclusive));
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        return metrics.timed("create", key, () -> store().create(key, value, leaseId));
    }

    @Override
    public long update(String key, byte[] value, long expectedModRevision, long leaseId) {
        return metrics.timed("update", key, () -> store().update(key, value, expectedModRevision, leaseId));
    }

    @Override
    public Deleted delete(String key, long expectedModRevision) {
        return metrics.timed("delete", key, () -> store().delete(key, expectedModRevision));
    }

    @Override
    public TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
        if (then.isEmpty()) {
            return store().txn(conditions, then, otherwise);
        }
        return switch (then.getFirst()) {
            case Op.Put put ->
                metrics.timed(
                        creates(conditions, put.key()) ? "create" : "update",
                        put.key(),
                        () -> store().txn(conditions, then, otherwise));
            case Op.Delete delete ->
                metrics.timed("delete", delete.key(), () -> store().txn(conditions, then, otherwise));
            case Op.Get get -> metrics.timed("get", get.key(), () -> store().txn(conditions, then, otherwise));
            case Op.Range range -> metrics.timed("list", range.start(), () -> store().txn(conditions, then, otherwise));
        };
    }

    /** Compared by hand: a record's own equals is made when it is first called, in the midst of a start. */
    private static boolean creates(List<Compare> conditions, String key) {
        for (var condition : conditions) {
            if (condition instanceof Compare.CreateRevision(var of, var revision) && revision == 0 && of.equals(key)) {
                return true;
            }
        }
        return false;
    }
}
