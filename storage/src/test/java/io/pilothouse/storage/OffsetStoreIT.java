package io.pilothouse.storage;

import static io.pilothouse.storage.EtcdStoreIT.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.storage.testing.EtcdProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OffsetStoreIT {
    private static final long OFFSET = 1_000_000_000L;
    private static final String KEY = "/registry/a";

    /** What a watch was told, in the order it was told. */
    private static final class Told implements WatchListener {
        final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
        final BlockingQueue<Long> compacted = new LinkedBlockingQueue<>();

        @Override
        public void onEvents(List<WatchEvent> batch, long upToRevision) {
            assertThat(batch.getLast().revision()).isEqualTo(upToRevision);
            events.addAll(batch);
        }

        @Override
        public void onCompacted(long compactRevision) {
            compacted.add(compactRevision);
        }
    }

    private EtcdProcess etcd;
    private EtcdStore plain;
    private EtcdStore store;

    @BeforeEach
    void start() throws Exception {
        etcd = EtcdProcess.start();
        plain = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
        store = OffsetStore.over(EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint()))), OFFSET);
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        plain.close();
        etcd.close();
    }

    @Test
    void allRevisionsThatAreGivenAreLaterAndCanBeGivenBack() {
        long created = store.create(KEY, bytes("1"), 0);
        assertThat(created)
                .isEqualTo(OFFSET + plain.get(KEY).orElseThrow().modRevision())
                .isEqualTo(store.linearizableRevision());
        assertThat(store.get(KEY).orElseThrow().modRevision()).isEqualTo(created);
        long updated = store.update(KEY, bytes("2"), created, 0);
        assertThat(store.get(KEY).orElseThrow().createRevision()).isEqualTo(created);
        assertThat(store.get(KEY, created).orElseThrow().value()).isEqualTo(bytes("1"));
        RangeResult range = store.range("/registry/", "/registry0", created, 0);
        assertThat(range.keyValues().getFirst().value()).isEqualTo(bytes("1"));
        assertThat(range.revision()).isEqualTo(updated);
        TxnResult txn = store.txn(
                List.of(Compare.unchanged(KEY, updated), Compare.absent("/registry/b")),
                List.of(new Op.Put(KEY, bytes("3"), 0), new Op.Get(KEY)),
                List.of());
        assertThat(txn.succeeded()).isTrue();
        assertThat(txn.results().get(1).getFirst().modRevision()).isEqualTo(txn.revision());
        EtcdStore.Deleted deleted = store.delete(KEY, txn.revision());
        assertThat(deleted.previous().modRevision()).isEqualTo(txn.revision());
        assertThat(deleted.revision()).isEqualTo(txn.revision() + 1);
    }

    @Test
    void whatFailsNamesLaterRevisionsToo() {
        long created = store.create(KEY, bytes("1"), 0);
        assertThatThrownBy(() -> store.create(KEY, bytes("2"), 0))
                .isInstanceOfSatisfying(
                        StorageException.KeyExists.class,
                        e -> assertThat(e.current().modRevision()).isEqualTo(created));
        assertThatThrownBy(() -> store.update(KEY, bytes("2"), created + 1, 0))
                .isInstanceOfSatisfying(
                        StorageException.RevisionConflict.class,
                        e -> assertThat(e.current().modRevision()).isEqualTo(created))
                .hasMessageContaining("not " + (created + 1));
        assertThatThrownBy(() -> store.delete("/registry/none", created))
                .isInstanceOfSatisfying(
                        StorageException.KeyNotFound.class,
                        e -> assertThat(e.revision()).isEqualTo(created))
                .hasMessage("key not found: /registry/none");
        assertThatThrownBy(() -> store.range("/", "0", created + 10, 0))
                .isInstanceOf(StorageException.FutureRevision.class);
        long updated = store.update(KEY, bytes("2"), created, 0);
        store.compact(updated);
        assertThatThrownBy(() -> store.get(KEY, created)).isInstanceOf(StorageException.Compacted.class);
    }

    @Test
    void aRevisionOfBeforeTheRestoreIsCompacted() throws Exception {
        // Etcd itself has it: for something else.
        long reused = plain.create(KEY, bytes("1"), 0);
        assertThatThrownBy(() -> store.get(KEY, reused)).isInstanceOf(StorageException.Compacted.class);
        assertThatThrownBy(() -> store.range("/", "0", OFFSET, 0)).isInstanceOf(StorageException.Compacted.class);
        assertThatThrownBy(() -> store.update(KEY, bytes("2"), reused, 0))
                .isInstanceOf(StorageException.RevisionConflict.class);
        assertThat(store.txn(List.of(Compare.unchanged(KEY, reused)), List.of(new Op.Delete(KEY)), List.of())
                        .succeeded())
                .isFalse();
        store.compact(OFFSET);
        Told told = new Told();
        try (var _ = store.watch("/registry/", "/registry0", reused, false, told)) {
            assertThat(told.compacted.poll(10, TimeUnit.SECONDS)).isEqualTo(OFFSET + 1);
        }
        plain.update(KEY, bytes("2"), reused, 0);
        assertThat(told.events).isEmpty();
    }

    @Test
    void aWatchTellsLaterRevisions() throws Exception {
        long created = store.create(KEY, bytes("1"), 0);
        Told told = new Told();
        try (var _ = store.watch("/registry/", "/registry0", created, true, told)) {
            assertThat(told.events.poll(10, TimeUnit.SECONDS)).satisfies(event -> {
                assertThat(event.revision()).isEqualTo(created);
                assertThat(event.created()).isTrue();
            });
            EtcdStore.Deleted deleted = store.delete(KEY, created);
            assertThat(told.events.poll(10, TimeUnit.SECONDS)).satisfies(event -> {
                assertThat(event.deleted()).isTrue();
                assertThat(event.revision()).isEqualTo(deleted.revision());
                assertThat(event.previous().orElseThrow().modRevision()).isEqualTo(created);
            });
        }
    }

    @Test
    void aCacheOverItKeepsNothingOfBefore() throws Exception {
        long reused = plain.create(KEY, bytes("1"), 0);
        try (WatchCache<byte[]> cache = WatchCache.start(
                store, WatchCacheConfig.of("/registry/"), ValueTransformer.identity(), KeyValue::value)) {
            assertThat(cache.awaitFilled(Duration.ofSeconds(10))).isTrue();
            assertThat(cache.currentRevision()).isEqualTo(OFFSET + reused);
            assertThat(cache.snapshotAt(reused)).isEmpty();
            assertThatThrownBy(() -> cache.watch("/registry/", reused)).isInstanceOf(StorageException.Compacted.class);
            try (var subscription = cache.watch("/registry/", OFFSET + reused)) {
                long updated = store.update(KEY, bytes("2"), OFFSET + reused, 0);
                assertThat(subscription.take(Duration.ofSeconds(10)).getFirst().revision())
                        .isEqualTo(updated);
            }
        }
    }
}
