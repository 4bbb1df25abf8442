package io.pilothouse.storage;

import static io.pilothouse.storage.EtcdStoreIT.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.storage.testing.EtcdProcess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstCreatesIT {
    EtcdProcess etcd;
    EtcdStore connection;
    FirstCreates store;

    @BeforeEach
    void start() throws Exception {
        etcd = EtcdProcess.start();
        connection = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
        store = new FirstCreates(connection);
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        etcd.close();
    }

    /** What each came to: its revision, or what it failed with. */
    List<Object> createAtOnce(List<String> keys, byte[] value) throws Exception {
        List<Future<Long>> begun = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            keys.forEach(key -> begun.add(threads.submit(() -> store.create(key, value, 0))));
        }
        var outcomes = new ArrayList<Object>();
        for (var create : begun) {
            try {
                outcomes.add(create.get());
            } catch (ExecutionException e) {
                outcomes.add(e.getCause());
            }
        }
        return outcomes;
    }

    static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "/registry/things/" + i).toList();
    }

    /** Lets no create by itself through before it is opened. */
    static final class Gate extends DelegatingStore {
        final CountDownLatch open = new CountDownLatch(1);

        Gate(EtcdStore store) {
            super(store);
        }

        @Override
        public long create(String key, byte[] value, long leaseId) {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.create(key, value, leaseId);
        }
    }

    @Test
    void createsOfOneTimeShareTransactions() throws Exception {
        var gate = new Gate(connection);
        store = new FirstCreates(gate);
        var creates = keys(500).stream()
                .map(key -> new FutureTask<>(() -> store.create(key, bytes("value"), 0)))
                .toList();
        var threads = creates.stream().map(Thread::startVirtualThread).toList();
        // One is held up at the gate, and all others wait for it.
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.sleep(10);
        }
        gate.open.countDown();
        var revisions = new ArrayList<Long>();
        for (var create : creates) {
            revisions.add(create.get());
        }
        assertThat(new HashSet<>(revisions)).hasSize(6); // the first, and five of a hundred or less
        for (int i = 0; i < revisions.size(); i++) {
            assertThat(connection.get(keys(500).get(i)).orElseThrow().modRevision())
                    .isEqualTo(revisions.get(i));
        }
    }

    @Test
    void whatIsThereFailsByItself() throws Exception {
        connection.create("/registry/things/7", bytes("before"), 0);
        var twice = new ArrayList<>(keys(50));
        twice.add("/registry/things/9");
        var outcomes = createAtOnce(twice, bytes("value"));
        assertThat(outcomes.get(7)).isInstanceOf(StorageException.KeyExists.class);
        assertThat(connection.get("/registry/things/7").orElseThrow().value()).isEqualTo(bytes("before"));
        assertThat(List.of(outcomes.get(9), outcomes.get(50)))
                .hasAtLeastOneElementOfType(StorageException.KeyExists.class)
                .hasAtLeastOneElementOfType(Long.class);
        assertThat(outcomes.stream().filter(Long.class::isInstance)).hasSize(49);
        assertThat(connection.count("/registry/", EtcdStore.prefixEnd("/registry/")))
                .isEqualTo(50);
    }

    @Test
    void largeOnesFitIntoTheirTransactions() throws Exception {
        var outcomes = createAtOnce(keys(20), new byte[300 << 10]);
        assertThat(outcomes).allMatch(Long.class::isInstance);
    }

    @Test
    void eachHasItsOwnAfterTheEnd() throws Exception {
        store.end();
        assertThat(new HashSet<>(createAtOnce(keys(100), bytes("value")))).hasSize(100);
    }

    @Test
    void allFailWhereEtcdIsGone() throws Exception {
        store.close();
        assertThat(createAtOnce(keys(10), bytes("value"))).allMatch(StorageException.class::isInstance);
    }
}
