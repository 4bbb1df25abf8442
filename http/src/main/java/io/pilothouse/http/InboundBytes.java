package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Bytes from the event loop to a blocking reader. The loop reads from the socket only on demand, which bounds the queue. */
final class InboundBytes extends InputStream {
    private static final int LOW_WATER = 32 * 1024;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private final Runnable demand;
    private final Duration stall;
    private int offset;
    private int buffered;
    private boolean ended;
    private @Nullable IOException failure;
    /** When the last byte must be there, by System.nanoTime; none where reads are bounded one by one. */
    private @Nullable Long endBy;

    /**
     * @param demand asks the loop for one more read; called on the reader's thread
     * @param stall how long a read may wait; zero is forever
     */
    InboundBytes(Runnable demand, Duration stall) {
        this.demand = demand;
        this.stall = stall;
    }

    /** From now on all must arrive within what a single read may otherwise wait: a peer that sends a byte at a time gains nothing by it. */
    void boundWhole() {
        lock.lock();
        try {
            endBy = stall.isZero() ? null : System.nanoTime() + stall.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a copy of what is readable; the caller still owns the buffer. */
    void offer(ByteBuf content) {
        if (!content.isReadable()) {
            return;
        }
        byte[] bytes = ByteBufUtil.getBytes(content);
        lock.lock();
        try {
            if (!ended) {
                chunks.add(bytes);
                buffered += bytes.length;
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void end() {
        finish(null);
    }

    void fail(IOException cause) {
        finish(cause);
    }

    private void finish(@Nullable IOException cause) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = cause;
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        boolean more = false;
        lock.lock();
        try {
            if (chunks.isEmpty() && !ended) {
                demand.run();
                await();
            }
            byte[] first = chunks.peek();
            if (first == null) {
                IOException cause = failure;
                if (cause != null) {
                    throw cause;
                }
                return -1;
            }
            int count = Math.min(length, first.length - offset);
            System.arraycopy(first, offset, target, from, count);
            offset += count;
            buffered -= count;
            if (offset == first.length) {
                chunks.remove();
                offset = 0;
            }
            more = !ended && buffered < LOW_WATER && chunks.isEmpty();
            return count;
        } finally {
            lock.unlock();
            if (more) {
                demand.run();
            }
        }
    }

    private void await() throws IOException {
        try {
            Long end = endBy;
            long left = end == null ? stall.toNanos() : end - System.nanoTime();
            while (chunks.isEmpty() && !ended) {
                if (stall.isZero()) {
                    arrived.await();
                } else if (left <= 0) {
                    throw new BodyTimeoutException("the peer sent too little for " + stall);
                } else {
                    left = arrived.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while reading").initCause(e);
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return buffered;
        } finally {
            lock.unlock();
        }
    }
}
