package io.pilothouse.cloud.state;

import io.pilothouse.storage.Compare;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.Op;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Records in the region's own etcd, below {@code /pilothouse/region/}. */
public final class EtcdStateStore implements StateStore {
    private static final String PREFIX = "/pilothouse/region/";
    private final EtcdStore etcd;

    /** Over a connection that the caller closes. */
    public EtcdStateStore(EtcdStore etcd) {
        this.etcd = etcd;
    }

    @Override
    public Optional<Entry> find(String key) {
        return etcd.get(PREFIX + key).map(EtcdStateStore::entry);
    }

    @Override
    public List<Entry> list(String prefix) {
        String start = PREFIX + prefix;
        return etcd.range(start, EtcdStore.prefixEnd(start), 0, 0).keyValues().stream()
                .map(EtcdStateStore::entry)
                .toList();
    }

    @Override
    public boolean compareAndSet(String key, long expectedRevision, String json) {
        Op put = new Op.Put(PREFIX + key, json.getBytes(StandardCharsets.UTF_8), 0);
        return etcd.txn(List.of(Compare.unchanged(PREFIX + key, expectedRevision)), List.of(put), List.of())
                .succeeded();
    }

    @Override
    public boolean remove(String key, long expectedRevision) {
        Op delete = new Op.Delete(PREFIX + key);
        return etcd.txn(List.of(Compare.unchanged(PREFIX + key, expectedRevision)), List.of(delete), List.of())
                .succeeded();
    }

    private static Entry entry(KeyValue kv) {
        return new Entry(
                kv.key().substring(PREFIX.length()), new String(kv.value(), StandardCharsets.UTF_8), kv.modRevision());
    }
}
