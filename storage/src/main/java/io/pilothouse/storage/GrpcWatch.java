package io.pilothouse.storage;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch that outlives its streams. Where to go on is its own count of delivered revisions, never what a response header or a progress
 * notice says: those of older etcd versions run ahead of events that are still to come.
 */
final class GrpcWatch implements EtcdStore.Watch {
    /** What is watched. */
    record Range(String start, String endExclusive, boolean withPrevious) {}

    private static final Logger LOG = LoggerFactory.getLogger(GrpcWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long MAX_PAUSE_MILLIS = 1000;
    /**
     * Responses asked for before they are taken. With one the next could come only when the callback had got its turn among all busy threads: under
     * many writes the watch fell behind them, by seconds. etcd is still held back once so many wait.
     */
    private static final int AHEAD = 64;

    private final Endpoints endpoints;
    private final Range range;
    private final WatchListener listener;
    private final Consumer<EtcdStore.Watch> onEnd;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Everything before it was delivered. Written by one stream's callbacks at a time. */
    private volatile long next;

    private volatile @Nullable Session session;

    GrpcWatch(Endpoints endpoints, Range range, long from, WatchListener listener, Consumer<EtcdStore.Watch> onEnd) {
        this.endpoints = endpoints;
        this.range = range;
        this.listener = listener;
        this.onEnd = onEnd;
        this.next = from;
    }

    void start() {
        // A thread of the system: among virtual ones it would wait for its turn with every request that is being
        // served.
        Thread.ofPlatform().name("etcd-watch").daemon().start(this::run);
    }

    private void run() {
        long pause = 0;
        while (!isClosed()) {
            long before = next;
            try {
                ManagedChannel channel = endpoints.ready(PATIENCE);
                Session current = new Session();
                session = current;
                current.run(channel);
                if (!isClosed()) {
                    endpoints.avoid(channel);
                }
            } catch (StorageException.Unavailable e) {
                LOG.atDebug().addKeyValue("reason", e.getMessage()).log("etcd watch waits for a member");
            } catch (InterruptedException e) {
                close();
            }
            pause = next > before ? 0 : Math.min(MAX_PAUSE_MILLIS, pause * 2 + 10);
            awaitClosed(pause);
        }
        onEnd.accept(this);
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void awaitClosed(long millis) {
        try {
            var _ = closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            close();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Session current = session;
        if (current != null) {
            current.cancel();
        }
    }

    /** One stream: created, fed, broken. */
    private final class Session implements ClientResponseObserver<WatchRequest, WatchResponse> {
        /** The callbacks, which the watch's own thread runs. */
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

        private boolean created;
        private boolean ended;
        /** Responses since more were asked for. */
        private int taken;

        private volatile @Nullable ClientCallStreamObserver<WatchRequest> call;

        void run(ManagedChannel channel) throws InterruptedException {
            var requests = WatchGrpc.newStub(channel)
                    .withInterceptors(UnaryCalls.REQUIRE_LEADER)
                    .withExecutor(tasks::add)
                    .watch(this);
            requests.onNext(WatchRequest.newBuilder()
                    .setCreateRequest(WatchCreateRequest.newBuilder()
                            .setKey(Wire.key(range.start()))
                            .setRangeEnd(Wire.key(range.endExclusive()))
                            .setStartRevision(next)
                            .setPrevKv(range.withPrevious()))
                    .build());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!ended) {
                var task = created ? tasks.take() : tasks.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (task == null) {
                    created = true; // it will not be, and need not be waited for
                    cancel();
                } else {
                    task.run();
                }
            }
        }

        void cancel() {
            ClientCallStreamObserver<WatchRequest> current = call;
            if (current != null) {
                current.cancel("watch closed", null);
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {
            call = requests;
            requests.disableAutoRequestWithInitial(AHEAD);
            if (isClosed()) {
                requests.cancel("watch closed", null);
            }
        }

        @Override
        public void onNext(WatchResponse response) {
            if (isClosed()) {
                return;
            }
            if (response.getCompactRevision() > 0) {
                LOG.atWarn()
                        .addKeyValue("next", next)
                        .addKeyValue("compacted", response.getCompactRevision())
                        .log("etcd watch fell behind compaction");
                closed.countDown();
                listener.onCompacted(response.getCompactRevision());
                cancel();
                return;
            }
            if (response.getCreated()) {
                created = true;
            }
            if (response.getCanceled()) {
                cancel();
                return;
            }
            take(response);
            askForMore();
        }

        /** In one go for many responses: to ask wakes the connection's thread. */
        private void askForMore() {
            taken++;
            ClientCallStreamObserver<WatchRequest> current = call;
            if (taken == AHEAD / 2 && current != null) {
                taken = 0;
                current.request(AHEAD / 2);
            }
        }

        /** Without fragments, which are not asked for, etcd sends whole revisions. */
        private void take(WatchResponse response) {
            List<WatchEvent> batch = new ArrayList<>(response.getEventsCount());
            for (Event event : response.getEventsList()) {
                if (event.getKv().getModRevision() >= next) {
                    batch.add(event(event));
                }
            }
            if (!batch.isEmpty()) {
                long revision = batch.getLast().revision();
                listener.onEvents(batch, revision);
                next = revision + 1;
            }
        }

        private static WatchEvent event(Event event) {
            return new WatchEvent(
                    event.getType() == Event.EventType.DELETE,
                    Wire.keyValue(event.getKv()),
                    event.hasPrevKv() ? Optional.of(Wire.keyValue(event.getPrevKv())) : Optional.empty());
        }

        @Override
        public void onError(Throwable cause) {
            if (!isClosed()) {
                LOG.atInfo()
                        .addKeyValue("next", next)
                        .addKeyValue("reason", cause.getMessage())
                        .log("etcd watch broke off");
            }
            ended = true;
        }

        @Override
        public void onCompleted() {
            ended = true;
        }
    }
}
