package io.pilothouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.storage.testing.EtcdProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every caller may rely on, checked on a real etcd. */
@Timeout(60)
class EtcdStoreIT {
    static EtcdProcess etcd;
    static EtcdStore store;
    static final AtomicInteger SPACE = new AtomicInteger();
    String prefix;

    @BeforeAll
    static void start() throws Exception {
        etcd = EtcdProcess.start();
        store = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
    }

    @AfterAll
    static void stop() throws Exception {
        store.close();
        etcd.close();
    }

    @BeforeEach
    void ownSpace() {
        prefix = "/space" + SPACE.incrementAndGet() + "/";
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void refusesCallsAfterTheEnd() {
        EtcdStore ended = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
        assertThat(ended.get(prefix + "a")).isEmpty();
        ended.close();
        assertThatThrownBy(() -> ended.get(prefix + "a")).isInstanceOf(StorageException.class);
    }

    @Test
    void createsOnce() {
        long revision = store.create(prefix + "a", bytes("1"), 0);
        assertThat(store.get(prefix + "a")).hasValueSatisfying(kv -> {
            assertThat(kv.value()).isEqualTo(bytes("1"));
            assertThat(kv.createRevision()).isEqualTo(revision);
            assertThat(kv.modRevision()).isEqualTo(revision);
            assertThat(kv.version()).isEqualTo(1);
        });
        assertThatThrownBy(() -> store.create(prefix + "a", bytes("2"), 0))
                .isInstanceOfSatisfying(
                        StorageException.KeyExists.class,
                        e -> assertThat(e.current().modRevision()).isEqualTo(revision));
    }

    @Test
    void updatesAndDeletesOnlyWhatItKnows() {
        long first = store.create(prefix + "a", bytes("1"), 0);
        long second = store.update(prefix + "a", bytes("2"), first, 0);
        assertThat(second).isGreaterThan(first);
        assertThatThrownBy(() -> store.update(prefix + "a", bytes("3"), first, 0))
                .isInstanceOfSatisfying(
                        StorageException.RevisionConflict.class,
                        e -> assertThat(e.current().value()).isEqualTo(bytes("2")));
        assertThatThrownBy(() -> store.delete(prefix + "a", first))
                .isInstanceOf(StorageException.RevisionConflict.class);
        EtcdStore.Deleted deleted = store.delete(prefix + "a", second);
        assertThat(deleted.previous().value()).isEqualTo(bytes("2"));
        assertThat(deleted.revision()).isGreaterThan(second);
        assertThatThrownBy(() -> store.update(prefix + "a", bytes("3"), second, 0))
                .isInstanceOf(StorageException.KeyNotFound.class);
        assertThatThrownBy(() -> store.delete(prefix + "a", second)).isInstanceOf(StorageException.KeyNotFound.class);
        assertThat(store.get(prefix + "a", second)).isPresent();
    }

    @Test
    void rangesArePagedAtOneRevision() {
        for (int i = 0; i < 10; i++) {
            store.create(prefix + "k" + i, bytes("v" + i), 0);
        }
        String end = EtcdStore.prefixEnd(prefix);
        RangeResult page = store.range(prefix, end, 0, 4);
        assertThat(page.more()).isTrue();
        assertThat(page.count()).isEqualTo(10);
        assertThat(page.keyValues())
                .extracting(KeyValue::key)
                .containsExactly(prefix + "k0", prefix + "k1", prefix + "k2", prefix + "k3");
        store.delete(prefix + "k9", page.revision());
        RangeResult rest = store.range(prefix + "k3\0", end, page.revision(), 0);
        assertThat(rest.keyValues()).hasSize(6);
        assertThat(store.count(prefix, end)).isEqualTo(9);
        assertThatThrownBy(() -> store.range(prefix, end, page.revision() + 1_000_000, 0))
                .isInstanceOf(StorageException.FutureRevision.class);
    }

    @Test
    void transactionsSpanKeys() {
        long a = store.create(prefix + "a", bytes("1"), 0);
        TxnResult won = store.txn(
                List.of(Compare.unchanged(prefix + "a", a), Compare.absent(prefix + "b")),
                List.of(new Op.Put(prefix + "b", bytes("2"), 0), new Op.Delete(prefix + "a")),
                List.of());
        assertThat(won.succeeded()).isTrue();
        assertThat(won.results().get(1))
                .singleElement()
                .extracting(KeyValue::key)
                .isEqualTo(prefix + "a");
        TxnResult lost = store.txn(
                List.of(Compare.absent(prefix + "b")),
                List.of(),
                List.of(new Op.Get(prefix + "b"), new Op.Range(prefix, EtcdStore.prefixEnd(prefix), 0)));
        assertThat(lost.succeeded()).isFalse();
        assertThat(lost.results().get(0))
                .singleElement()
                .extracting(KeyValue::modRevision)
                .isEqualTo(won.revision());
        assertThat(lost.results().get(1)).hasSize(1);
    }

    @Test
    void leasesAreSharedAndExpire() {
        assertThat(store.sharedLease(3600)).isEqualTo(store.sharedLease(3600)).isNotEqualTo(store.sharedLease(7200));
        long lease = store.grant(100);
        store.create(prefix + "a", bytes("1"), lease);
        assertThat(store.get(prefix + "a").orElseThrow().lease()).isEqualTo(lease);
        store.revoke(lease);
        assertThat(store.get(prefix + "a")).isEmpty();
        assertThatThrownBy(() -> store.create(prefix + "b", bytes("1"), lease))
                .isInstanceOf(StorageException.LeaseNotFound.class);
    }

    @Test
    void refusesWhatIsTooLarge() {
        assertThatThrownBy(() -> store.create(prefix + "a", new byte[3_000_000], 0))
                .isInstanceOf(StorageException.TooLarge.class);
    }

    @Test
    void sharesItsRevisionReads() throws Exception {
        long before = store.create(prefix + "a", bytes("1"), 0);
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            threads.add(Thread.startVirtualThread(() -> seen.add(store.linearizableRevision())));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen)
                .hasSize(500)
                .allSatisfy(revision -> assertThat(revision).isGreaterThanOrEqualTo(before));
    }

    @Test
    void watchesFromThePastAndTellsOfCompaction() throws Exception {
        long first = store.create(prefix + "a", bytes("1"), 0);
        store.update(prefix + "a", bytes("2"), first, 0);
        var events = new LinkedBlockingQueue<WatchEvent>();
        try (var _ = store.watch(prefix, EtcdStore.prefixEnd(prefix), first, true, new Collector(events, null))) {
            assertThat(events.poll(10, TimeUnit.SECONDS).created()).isTrue();
            WatchEvent update = events.poll(10, TimeUnit.SECONDS);
            assertThat(update.previous())
                    .hasValueSatisfying(kv -> assertThat(kv.value()).isEqualTo(bytes("1")));
            store.delete(prefix + "a", update.revision());
            WatchEvent gone = events.poll(10, TimeUnit.SECONDS);
            assertThat(gone.deleted()).isTrue();
            assertThat(gone.previous())
                    .hasValueSatisfying(kv -> assertThat(kv.value()).isEqualTo(bytes("2")));
        }
        store.compact(store.linearizableRevision());
        CountDownLatch compacted = new CountDownLatch(1);
        try (var _ = store.watch(prefix, EtcdStore.prefixEnd(prefix), first, false, new Collector(events, compacted))) {
            assertThat(compacted.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThatThrownBy(() -> store.get(prefix + "a", first)).isInstanceOf(StorageException.Compacted.class);
    }

    record Collector(LinkedBlockingQueue<WatchEvent> events, CountDownLatch compacted) implements WatchListener {
        @Override
        public void onEvents(List<WatchEvent> batch, long upToRevision) {
            events.addAll(batch);
        }

        @Override
        public void onCompacted(long compactRevision) {
            compacted.countDown();
        }
    }

    @Test
    void aWatchLosesNothingOverKills() throws Exception {
        try (EtcdProcess own = EtcdProcess.start();
                EtcdStore client = EtcdStore.connect(
                        // A dead member beside the live one: fail-over is part of it.
                        EtcdConfig.of(List.of(URI.create("http://127.0.0.1:1"), own.endpoint())))) {
            var events = new LinkedBlockingQueue<WatchEvent>();
            List<Long> written = Collections.synchronizedList(new ArrayList<>());
            try (var _ = client.watch("/w/", EtcdStore.prefixEnd("/w/"), 1, false, new Collector(events, null))) {
                Thread writer = Thread.startVirtualThread(() -> write(client, written));
                for (int i = 0; i < 3; i++) {
                    int goal = 150 * (i + 1);
                    while (written.size() < goal && writer.isAlive()) {
                        Thread.onSpinWait();
                    }
                    own.kill();
                    own.restart();
                }
                writer.join();
                long last = client.linearizableRevision();
                List<Long> seen = new ArrayList<>();
                while (seen.isEmpty() || seen.getLast() < last) {
                    seen.add(events.poll(10, TimeUnit.SECONDS).revision());
                }
                List<Long> inEtcd = client.range("/w/", EtcdStore.prefixEnd("/w/"), 0, 0).keyValues().stream()
                        .map(KeyValue::modRevision)
                        .sorted()
                        .toList();
                assertThat(seen).isEqualTo(inEtcd).containsAll(written);
            }
        }
    }

    private static void write(EtcdStore client, List<Long> written) {
        for (int i = 0; written.size() < 600; i++) {
            try {
                written.add(client.create("/w/%06d".formatted(i), bytes("x"), 0));
            } catch (StorageException.Unavailable | StorageException.Timeout e) {
                // It may have been written or not: the next goes under another key.
            }
        }
    }

    @Test
    void everyCallEndsWhenNoMemberAnswers() {
        EtcdConfig config = EtcdConfig.of(List.of(URI.create("http://127.0.0.1:1")))
                .withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(300));
        try (EtcdStore nowhere = EtcdStore.connect(config)) {
            assertThatThrownBy(() -> nowhere.get("a")).isInstanceOf(StorageException.Unavailable.class);
        }
    }
}
