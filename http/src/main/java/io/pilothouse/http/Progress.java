package io.pilothouse.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How far an event loop is with something long, for the thread that made this and waits for its end. */
final class Progress {
    private final Thread writer = Thread.currentThread();
    private volatile long movedNanos = System.nanoTime();
    private volatile boolean ended;
    private volatile @Nullable IOException failure;

    /** Something was sent. */
    void moved() {
        movedNanos = System.nanoTime();
    }

    /** All was sent, or why it was not. */
    void end(@Nullable IOException why) {
        failure = why;
        ended = true;
        LockSupport.unpark(writer);
    }

    /** Whether it has ended. */
    boolean ended() {
        return ended;
    }

    /**
     * Waits for the end.
     *
     * @throws IOException when it failed, or nothing moved for so long
     */
    void await(Duration stall) throws IOException {
        while (!ended) {
            long patience = movedNanos + stall.toNanos() - System.nanoTime();
            if (patience <= 0) {
                throw new BodyTimeoutException("the peer took nothing for " + stall);
            }
            LockSupport.parkNanos(this, patience);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while writing");
            }
        }
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }
}
