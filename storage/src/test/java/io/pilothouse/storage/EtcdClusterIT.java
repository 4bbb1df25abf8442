package io.pilothouse.storage;

import static io.pilothouse.storage.EtcdStoreIT.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.storage.testing.EtcdProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three members, any one of which dies at any moment, under a cache with writers and a subscriber. */
@Timeout(90)
class EtcdClusterIT {
    private static final Duration SOON = Duration.ofSeconds(15);

    @Test
    void noAcknowledgedWriteIsLostAndNoEventTwice() throws Exception {
        List<EtcdProcess> cluster = EtcdProcess.startCluster(3);
        try (EtcdStore store = EtcdStore.connect(EtcdConfig.of(
                        cluster.stream().map(EtcdProcess::endpoint).toList()));
                WatchCache<Integer> cache = WatchCache.start(
                        store,
                        WatchCacheConfig.of("/registry/"),
                        ValueTransformer.identity(),
                        kv -> kv.value().length)) {
            assertThat(cache.awaitFilled(SOON)).isTrue();
            Subscription<Integer> subscription = cache.watch("/registry/pods/", cache.currentRevision());
            List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                int writer = i;
                writers.add(Thread.startVirtualThread(() -> {
                    try {
                        write(store, cache, writer, acknowledged, over);
                    } catch (Throwable e) {
                        wrong.add(e);
                    }
                }));
            }
            for (EtcdProcess victim : cluster) {
                int before = acknowledged.size();
                victim.kill();
                while (acknowledged.size() < before + 100 && wrong.isEmpty()) {
                    Thread.onSpinWait();
                }
                victim.restart();
            }
            over.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(wrong).isEmpty();
            CacheSnapshot<Integer> last = cache.readConsistent(SOON);
            List<CacheEntry<Integer>> entries = last.prefix("/registry/pods/");
            assertThat(entries).extracting(CacheEntry::key).containsAll(acknowledged);
            List<Long> seen = new ArrayList<>();
            while (seen.size() < entries.size()) {
                subscription.take(SOON).forEach(event -> seen.add(event.revision()));
            }
            assertThat(seen)
                    .isEqualTo(entries.stream()
                            .map(CacheEntry::modRevision)
                            .sorted()
                            .toList());
            assertThat(subscription.ended()).isEmpty();
        } finally {
            for (EtcdProcess member : cluster) {
                member.close();
            }
        }
    }

    private static void write(
            EtcdStore store, WatchCache<Integer> cache, int writer, List<String> acknowledged, AtomicBoolean over)
            throws InterruptedException {
        for (int i = 0; !over.get(); i++) {
            String key = "/registry/pods/w" + writer + "/k%06d".formatted(i);
            try (Handover<Integer> handover = cache.prepare(key)) {
                handover.committed(store.create(key, bytes("value"), 0), 1);
                acknowledged.add(key);
                if (i % 10 == 0) {
                    // Whoever reads after a write sees it, and as the writer's own entry.
                    assertThat(cache.readConsistent(SOON).get(key).orElseThrow().value())
                            .isEqualTo(1);
                }
            } catch (StorageException.Unavailable | StorageException.Timeout e) {
                // Written or not: the next goes under another key.
            }
        }
    }
}
