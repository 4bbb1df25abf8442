package io.pilothouse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The watch under load. What needs a real etcd is in {@link EtcdStoreIT}. */
class GrpcWatchTest {
    private static final int EVENTS = 400;

    /** As etcd does when each write is a response of its own. */
    private static final class OneByOne extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    responses.onNext(WatchResponse.newBuilder().setCreated(true).build());
                    for (int i = 1; i <= EVENTS; i++) {
                        responses.onNext(event(i));
                    }
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }

        private static WatchResponse event(int revision) {
            return WatchResponse.newBuilder()
                    .addEvents(Event.newBuilder()
                            .setKv(KeyValue.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("/registry/x"))
                                    .setModRevision(revision)))
                    .build();
        }
    }

    /** Where each response had to wait for its turn among busy requests, the cache fell seconds behind and consistent reads timed out. */
    @Test
    void severalResponsesAreTakenInOneTurnOfBusyThreads() throws Exception {
        Server etcd = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new OneByOne())
                .build()
                .start();
        var busy = new AtomicBoolean(true);
        var turns = new AtomicInteger();
        int threads = 4 * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < threads; i++) {
            boolean counts = i == 0;
            Thread.startVirtualThread(() -> work(busy, counts ? turns : new AtomicInteger()));
        }
        var arrived = new CountDownLatch(EVENTS);
        var before = new AtomicInteger();
        try (EtcdStore store =
                EtcdStore.connect(EtcdConfig.of(List.of(URI.create("http://127.0.0.1:" + etcd.getPort()))))) {
            store.watch("/", "0", 1, false, new WatchListener() {
                @Override
                public void onEvents(List<WatchEvent> events, long upToRevision) {
                    before.compareAndSet(0, turns.get());
                    events.forEach(event -> arrived.countDown());
                }

                @Override
                public void onCompacted(long compactRevision) {}
            });
            assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(turns.get() - before.get()).isLessThan(EVENTS / 2);
        } finally {
            busy.set(false);
            etcd.shutdownNow();
        }
    }

    private static void work(AtomicBoolean busy, AtomicInteger turns) {
        while (busy.get()) {
            long until = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            turns.incrementAndGet();
            LockSupport.parkNanos(100_000); // Thread.yield would leave no turn to those who are woken from outside
        }
    }
}
