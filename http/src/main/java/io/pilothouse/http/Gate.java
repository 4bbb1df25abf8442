package io.pilothouse.http;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where writers wait until their channel takes more. The event loop signals; writers are virtual threads. */
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Runnable follower = () -> {};

    /** Runs the action on every change from now on, in place of the one before; on the event loop. */
    void follow(Runnable action) {
        follower = action;
    }

    /** Called by the event loop on writability changes and when the channel is gone. */
    void signal() {
        follower.run();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void awaitWritable(Channel channel, Duration stall) throws IOException {
        if (channel.isWritable()) {
            return;
        }
        lock.lock();
        try {
            long left = stall.toNanos();
            while (!channel.isWritable()) {
                if (!channel.isActive()) {
                    throw new ClosedChannelException();
                }
                if (left <= 0) {
                    throw new BodyTimeoutException("the peer took nothing for " + stall);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while writing").initCause(e);
        } finally {
            lock.unlock();
        }
    }
}
