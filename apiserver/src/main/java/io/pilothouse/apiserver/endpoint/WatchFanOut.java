package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.http.Broadcast;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to the watches that {@linkplain WatchEncoder#shares share} them: one thread for all, that encodes each event once and wakes each
 * event loop once. Any thread may add work; all of it runs here, and must not wait for anything.
 */
public final class WatchFanOut implements AutoCloseable {
    /** What is to be done for one watch. */
    interface Work {
        void run(Broadcast broadcast, SharedFrames frames);
    }

    private static final Logger LOG = LoggerFactory.getLogger(WatchFanOut.class);
    /** So that the first of many watchers need not wait for the last. */
    private static final int ROUND = 512;

    private final Queue<Work> ready = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofVirtual().name("watch-fan-out").unstarted(this::run);
    private volatile boolean closed;

    /** Without its thread: whoever has it runs its rounds. */
    WatchFanOut() {}

    public static WatchFanOut start(ObjectCache cache) {
        var fanOut = new WatchFanOut();
        cache.afterDispatch(fanOut::wake);
        fanOut.thread.start();
        return fanOut;
    }

    /** Adds work, which begins at the next {@link #wake} at the latest. */
    void add(Work work) {
        ready.add(work);
    }

    void wake() {
        if (!ready.isEmpty()) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            if (ready.isEmpty()) {
                LockSupport.park(this);
            } else {
                round();
            }
        }
    }

    /** Does what is to be done now, for the first of it. */
    void round() {
        var broadcast = new Broadcast();
        try (var frames = new SharedFrames()) {
            for (int i = 0; i < ROUND; i++) {
                var work = ready.poll();
                if (work == null) {
                    break;
                }
                try {
                    work.run(broadcast, frames);
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("a watch could not be told of an event");
                }
            }
            broadcast.send();
        }
    }

    /** Watches that are still open get nothing more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
