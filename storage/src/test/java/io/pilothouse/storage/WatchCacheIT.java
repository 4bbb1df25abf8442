package io.pilothouse.storage;

import static io.pilothouse.storage.EtcdStoreIT.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.storage.testing.EtcdProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchCacheIT {
    static final Duration SOON = Duration.ofSeconds(10);
    EtcdProcess etcd;
    EtcdStore store;
    WatchCache<String> cache;
    final AtomicInteger decoded = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        etcd = EtcdProcess.start();
        store = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
    }

    @AfterEach
    void stop() throws Exception {
        if (cache != null) {
            cache.close();
        }
        store.close();
        etcd.close();
    }

    void open(WatchCacheConfig config) throws Exception {
        cache = WatchCache.start(store, config, ValueTransformer.identity(), keyValue -> {
            decoded.incrementAndGet();
            String text = new String(keyValue.value(), UTF_8);
            if (text.startsWith("bad")) {
                throw new IllegalArgumentException("unreadable");
            }
            return text;
        });
        assertThat(cache.awaitFilled(SOON)).isTrue();
    }

    void open() throws Exception {
        open(WatchCacheConfig.of("/registry/"));
    }

    static List<CacheEvent<String>> take(Subscription<String> subscription, int count) throws Exception {
        List<CacheEvent<String>> events = new ArrayList<>();
        while (events.size() < count && subscription.ended().isEmpty()) {
            events.addAll(subscription.take(SOON));
        }
        return events;
    }

    @Test
    void readsItsOwnWritesAndOthersRevisions() throws Exception {
        store.create("/registry/pods/a/one", bytes("1"), 0);
        open();
        assertThat(cache.snapshot().get("/registry/pods/a/one").orElseThrow().value())
                .isEqualTo("1");
        long revision = store.create("/registry/pods/a/two", bytes("2"), 0);
        CacheSnapshot<String> state = cache.readConsistent(SOON);
        assertThat(state.revision()).isGreaterThanOrEqualTo(revision);
        assertThat(state.prefix("/registry/pods/"))
                .extracting(CacheEntry::value)
                .containsExactly("1", "2");
        assertThat(state.count("/registry/", EtcdStore.prefixEnd("/registry/"))).isEqualTo(2);
        long elsewhere = store.create("/other/key", bytes("x"), 0);
        assertThat(cache.readConsistent(SOON).revision()).isGreaterThanOrEqualTo(elsewhere);
        assertThat(cache.snapshot().range("/", "\0", 0)).hasSize(2);
        assertThatThrownBy(() -> cache.awaitRevision(elsewhere + 100, Duration.ofMillis(50)))
                .isInstanceOf(StorageException.Timeout.class);
    }

    @Test
    void aWritersEntryIsNotParsedAgain() throws Exception {
        open();
        String mine = new String("mine");
        try (Handover<String> handover = cache.prepare("/registry/pods/a/one")) {
            handover.committed(store.create("/registry/pods/a/one", bytes("stored"), 0), mine);
        }
        assertThat(cache.readConsistent(SOON)
                        .get("/registry/pods/a/one")
                        .orElseThrow()
                        .value())
                .isSameAs(mine);
        assertThat(decoded).hasValue(0);
        try (Handover<String> _ = cache.prepare("/registry/pods/a/one")) {
            assertThatThrownBy(() -> store.create("/registry/pods/a/one", bytes("again"), 0))
                    .isInstanceOf(StorageException.KeyExists.class);
        }
        long current =
                cache.snapshot().get("/registry/pods/a/one").orElseThrow().modRevision();
        store.update("/registry/pods/a/one", bytes("by another"), current, 0);
        assertThat(cache.readConsistent(SOON)
                        .get("/registry/pods/a/one")
                        .orElseThrow()
                        .value())
                .isEqualTo("by another");
    }

    @Test
    void aWritersEntryHoldsNoBytesThoughNobodyReadsIt() throws Exception {
        open();
        var key = "/registry/pods/a/one";
        try (Handover<String> handover = cache.prepare(key)) {
            long revision = store.create(key, bytes("stored"), 0);
            cache.awaitRevision(revision, SOON); // the event comes first
            assertThat(cache.snapshot().get(key).orElseThrow().isMade()).isFalse();
            handover.committed(revision, "mine");
        }
        assertThat(cache.snapshot().get(key).orElseThrow().isMade()).isTrue();

        var other = "/registry/pods/a/two";
        try (Handover<String> handover = cache.prepare(other);
                var events = cache.watch(other, cache.currentRevision())) {
            long revision = store.create(other, bytes("stored"), 0);
            handover.committed(revision, "mine too");
            assertThat(take(events, 1)).hasSize(1);
        }
        assertThat(cache.snapshot().get(other).orElseThrow().isMade()).isTrue();
        assertThat(decoded).hasValue(0);
    }

    @Test
    void valuesThatWereReplacedAreShrunkAndNoOthers() throws Exception {
        var shrunk = new LinkedBlockingQueue<String>();
        cache = WatchCache.start(
                store,
                WatchCacheConfig.of("/registry/"),
                ValueTransformer.identity(),
                keyValue -> new String(keyValue.value(), UTF_8),
                shrunk::add);
        assertThat(cache.awaitFilled(SOON)).isTrue();
        var key = "/registry/pods/a/one";
        try (var events = cache.watch(key, cache.currentRevision())) {
            long first = store.create(key, bytes("first"), 0);
            assertThat(take(events, 1).getFirst().entry().value()).isEqualTo("first");
            long second = store.update(key, bytes("second"), first, 0);
            assertThat(take(events, 1).getFirst().entry().value()).isEqualTo("second");
            assertThat(shrunk.poll(10, TimeUnit.SECONDS)).isEqualTo("first");
            store.delete(key, second);
            take(events, 1);
            assertThat(shrunk.poll(10, TimeUnit.SECONDS)).isEqualTo("second");
            store.create(key, bytes("third"), 0);
            assertThat(take(events, 1).getFirst().entry().value()).isEqualTo("third");
            assertThat(shrunk.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void unreadableEntriesStayWithTheirError() throws Exception {
        store.create("/registry/pods/a/bad", bytes("bad bytes"), 0);
        open();
        CacheEntry<String> entry = cache.snapshot().get("/registry/pods/a/bad").orElseThrow();
        assertThat(entry.error()).isPresent();
        assertThatThrownBy(entry::value).isInstanceOf(CacheEntry.PoisonedException.class);
        store.delete("/registry/pods/a/bad", entry.modRevision());
        assertThat(cache.readConsistent(SOON).get("/registry/pods/a/bad")).isEmpty();
    }

    @Test
    void subscribersSeeTheirPrefixOnlyAndFromThePast() throws Exception {
        open();
        long begin = cache.currentRevision();
        long first = store.create("/registry/pods/a/one", bytes("1"), 0);
        store.create("/registry/pods/b/two", bytes("2"), 0);
        store.create("/registry/podsx/a/three", bytes("3"), 0);
        cache.readConsistent(SOON);
        try (var all = cache.watch("/registry/", begin);
                var pods = cache.watch("/registry/pods/", begin);
                var later = cache.watch("/registry/pods/", first);
                var one = cache.watch("/registry/pods/a/one", begin);
                var named = cache.watch("/registry/pods/", begin, new IndexKey<>("text", String::strip, "2"))) {
            store.update("/registry/pods/a/one", bytes("2"), first, 0);
            long last = store.delete("/registry/pods/a/one", store.linearizableRevision())
                    .revision();
            assertThat(take(all, 5)).hasSize(5);
            List<CacheEvent<String>> events = take(pods, 4);
            assertThat(events)
                    .extracting(CacheEvent::type)
                    .containsExactly(
                            CacheEvent.Type.CREATED,
                            CacheEvent.Type.CREATED,
                            CacheEvent.Type.UPDATED,
                            CacheEvent.Type.DELETED);
            assertThat(events.getLast().revision()).isEqualTo(last);
            assertThat(events.getLast().entry().value()).isEqualTo("2");
            assertThat(events.get(2).previous().orElseThrow().value()).isEqualTo("1");
            assertThat(take(later, 3)).hasSize(3);
            assertThat(take(one, 3)).hasSize(3);
            assertThat(take(named, 3))
                    .extracting(CacheEvent::revision)
                    .hasSize(3)
                    .isSorted();
            cache.awaitRevision(last, SOON);
            store.create("/registry/nodes/n", bytes("n"), 0);
            long now = cache.readConsistent(SOON).revision();
            while (one.progress() < now) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void keepsRecentStatesAndBoundedHistory() throws Exception {
        open(new WatchCacheConfig("/registry/", 5, 4, Duration.ofHours(1), 3, 2));
        long first = store.create("/registry/pods/a/k0", bytes("0"), 0);
        long last = first;
        for (int i = 1; i < 10; i++) {
            last = store.create("/registry/pods/a/k" + i, bytes("" + i), 0);
        }
        cache.readConsistent(SOON);
        assertThat(cache.snapshotAt(last - 2).orElseThrow().prefix("/registry/pods/"))
                .hasSize(8);
        assertThat(cache.snapshotAt(first)).isEmpty();
        assertThat(cache.snapshotAt(last + 1)).isEmpty();
        assertThatThrownBy(() -> cache.watch("/registry/pods/", first)).isInstanceOf(StorageException.Compacted.class);
        Subscription<String> slow = cache.watch("/registry/pods/", last);
        Subscription<String> other = cache.watch("/registry/nodes/", first);
        for (int i = 0; i < 5; i++) {
            store.create("/registry/pods/b/k" + i, bytes("" + i), 0);
        }
        cache.readConsistent(SOON);
        while (slow.ended().isEmpty()) {
            slow.take(Duration.ofMillis(10));
        }
        assertThat(slow.ended()).contains(Subscription.End.TOO_SLOW);
        assertThat(other.ended()).isEmpty();
    }

    @Test
    void tellsWhatHappenedBeforeItWasFilled() throws Exception {
        long begin = store.create("/registry/pods/a/old", bytes("0"), 0);
        long one = store.create("/registry/pods/a/one", bytes("1"), 0);
        long two = store.update("/registry/pods/a/one", bytes("2"), one, 0);
        long gone = store.delete("/registry/pods/a/old", begin).revision();
        store.create("/elsewhere/key", bytes("x"), 0);
        store.create("/registry/pods/a/three", bytes("3"), 0);
        open();
        try (var later = cache.watch("/registry/pods/", two);
                var pods = cache.watch("/registry/pods/", begin)) {
            store.create("/registry/pods/a/four", bytes("4"), 0);
            var events = take(pods, 5);
            assertThat(events)
                    .extracting(CacheEvent::type)
                    .containsExactly(
                            CacheEvent.Type.CREATED,
                            CacheEvent.Type.UPDATED,
                            CacheEvent.Type.DELETED,
                            CacheEvent.Type.CREATED,
                            CacheEvent.Type.CREATED);
            assertThat(events).extracting(CacheEvent::revision).startsWith(one, two, gone);
            assertThat(events.get(1).previous().orElseThrow().value()).isEqualTo("1");
            assertThat(events.get(2).entry().value()).isEqualTo("0");
            assertThat(events.get(1).entry())
                    .isSameAs(cache.snapshot().get("/registry/pods/a/one").orElseThrow());
            assertThat(take(later, 3)).extracting(CacheEvent::revision).startsWith(gone);
        }
    }

    @Test
    void doesNotTellWhatWasCompactedBeforeItWasFilled() throws Exception {
        long one = store.create("/registry/pods/a/one", bytes("1"), 0);
        long two = store.update("/registry/pods/a/one", bytes("2"), one, 0);
        long three = store.update("/registry/pods/a/one", bytes("3"), two, 0);
        store.compact(two);
        open();
        assertThatThrownBy(() -> cache.watch("/registry/pods/", one)).isInstanceOf(StorageException.Compacted.class);
        try (var pods = cache.watch("/registry/pods/", two)) {
            var event = take(pods, 1).getFirst();
            assertThat(event.revision()).isEqualTo(three);
            assertThat(event.previous().orElseThrow().value()).isEqualTo("2");
        }
    }

    @Test
    void doesNotTellMoreThanItKeepsFromBeforeItWasFilled() throws Exception {
        long first = store.create("/registry/pods/a/k0", bytes("0"), 0);
        for (int i = 1; i < 10; i++) {
            store.create("/registry/pods/a/k" + i, bytes("" + i), 0);
        }
        open(new WatchCacheConfig("/registry/", 5, 4, Duration.ofHours(1), 30, 2));
        assertThatThrownBy(() -> cache.watch("/registry/pods/", first)).isInstanceOf(StorageException.Compacted.class);
        try (var pods = cache.watch("/registry/pods/", first + 5)) {
            assertThat(take(pods, 4)).hasSize(4);
        }
        // The group is full now: what is older goes first.
        store.create("/registry/pods/a/more", bytes("x"), 0);
        store.create("/registry/pods/a/evenmore", bytes("x"), 0);
        cache.readConsistent(SOON);
        assertThatThrownBy(() -> cache.watch("/registry/pods/", first + 5))
                .isInstanceOf(StorageException.Compacted.class);
    }

    @Test
    void tellsWhatItLetGoOfByAge() throws Exception {
        open(new WatchCacheConfig("/registry/", 50, 4, Duration.ofMillis(10), 30, 2));
        long first = store.create("/registry/pods/a/k0", bytes("0"), 0);
        long second = store.create("/registry/pods/a/k1", bytes("1"), 0);
        long third = store.update("/registry/pods/a/k1", bytes("2"), second, 0);
        long fourth = store.delete("/registry/pods/a/k0", first).revision();
        Thread.sleep(1_100); // too old events are looked for once a second
        store.create("/registry/nodes/n", bytes("n"), 0);
        cache.readConsistent(SOON);
        store.compact(second);
        assertThatThrownBy(() -> cache.watch("/registry/pods/", first)).isInstanceOf(StorageException.Compacted.class);
        try (var pods = cache.watch("/registry/pods/", second);
                var one = cache.watch("/registry/pods/a/k0", second)) {
            long fifth = store.update("/registry/pods/a/k1", bytes("3"), third, 0);
            assertThat(take(pods, 3)).extracting(CacheEvent::revision).containsExactly(third, fourth, fifth);
            var gone = take(one, 1).getFirst();
            assertThat(gone.type()).isEqualTo(CacheEvent.Type.DELETED);
            assertThat(gone.entry().value()).isEqualTo("0");
        }
    }

    @Test
    void beginsAnewWhenItsPlaceWasCompacted() throws Exception {
        open();
        store.create("/registry/pods/a/one", bytes("1"), 0);
        Subscription<String> subscription =
                cache.watch("/registry/pods/", cache.readConsistent(SOON).revision());
        etcd.kill();
        etcd.restart();
        // Another client moves on and compacts; the cache may or may not be back before it: both must end well.
        for (int i = 0; i < 20; i++) {
            store.create("/registry/pods/b/k" + i, bytes("x"), 0);
            store.compact(store.linearizableRevision());
        }
        assertThat(cache.readConsistent(SOON).prefix("/registry/pods/")).hasSize(21);
        List<CacheEvent<String>> events = take(subscription, 20);
        assertThat(events.size() == 20 || subscription.ended().equals(java.util.Optional.of(Subscription.End.RESET)))
                .isTrue();
    }

    @Test
    void listsTenThousandEntriesQuickly() throws Exception {
        List<Op> puts = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            puts.add(new Op.Put("/registry/pods/ns%d/p%05d".formatted(i % 7, i), new byte[200], 0));
            if (puts.size() == 100) {
                store.txn(List.of(), puts, List.of());
                puts.clear();
            }
        }
        open();
        long worst = 0;
        for (int round = 0; round < 20; round++) {
            long before = System.nanoTime();
            List<CacheEntry<String>> list = cache.snapshot().prefix("/registry/pods/");
            worst = round < 10 ? 0 : Math.max(worst, System.nanoTime() - before);
            assertThat(list).hasSize(10_000);
        }
        System.out.println("10,000 entries listed in at most " + worst / 1000 + " us");
        assertThat(Duration.ofNanos(worst)).isLessThan(Duration.ofMillis(100));
        assertThat(decoded).hasValue(0);
    }
}
