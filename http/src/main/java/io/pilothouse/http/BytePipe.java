package io.pilothouse.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of bytes to a blocking reader. A giver that may block waits in {@link #put} when the reader is slow; an event loop, which may
 * not, gives with {@link #offer} only what was demanded of it. One reader; giving, ending and closing from any thread.
 */
public final class BytePipe extends InputStream {
    private static final int HIGH_WATER = 1 << 20;
    private static final int LOW_WATER = 32 * 1024;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private final Runnable demand;
    private final Duration stall;
    private int offset;
    private int buffered;
    private boolean ended;
    private boolean unwanted;
    private @Nullable IOException failure;
    /** When the last byte must be there, by System.nanoTime; none where reads are bounded one by one. */
    private @Nullable Long endBy;

    /** For a giver that may block; reads wait as long as it takes. */
    public BytePipe() {
        this(() -> {}, Duration.ZERO);
    }

    /**
     * For a giver that reads on demand.
     *
     * @param demand asks for more; called on the reader's thread when nothing is left, and must not block
     * @param stall how long a read may wait before it throws {@link BodyTimeoutException}; zero is forever
     */
    public BytePipe(Runnable demand, Duration stall) {
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

    /** Takes over the array, and waits while too much is unread. What nobody reads any more is dropped. */
    public void put(byte[] bytes) {
        lock.lock();
        try {
            while (buffered >= HIGH_WATER && !ended && !unwanted) {
                changed.awaitUninterruptibly();
            }
            add(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Takes over the array, and never waits. */
    public void offer(byte[] bytes) {
        lock.lock();
        try {
            add(bytes);
        } finally {
            lock.unlock();
        }
    }

    private void add(byte[] bytes) {
        if (!ended && !unwanted && bytes.length > 0) {
            chunks.add(bytes);
            buffered += bytes.length;
            changed.signalAll();
        }
    }

    /** Nothing more will come; what is there can still be read. */
    public void end() {
        finish(null);
    }

    /** The same, and a reader that comes to the end gets this instead of it. */
    public void fail(IOException cause) {
        finish(cause);
    }

    private void finish(@Nullable IOException cause) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = cause;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @throws IOException what the pipe failed with, if it did */
    public void requireSound() throws IOException {
        lock.lock();
        try {
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more: drops what came and what will come, so that no giver waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            unwanted = true;
            chunks.clear();
            buffered = 0;
            offset = 0;
            changed.signalAll();
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
            return 0; // readNBytes asks so, and must not wait
        }
        boolean more = false;
        lock.lock();
        try {
            if (chunks.isEmpty() && !isOver()) {
                demand.run();
                await();
            }
            byte[] first = chunks.peek();
            if (first == null) {
                requireSound();
                return -1;
            }
            int count = take(first, target, from, length);
            more = !ended && buffered < LOW_WATER && chunks.isEmpty();
            return count;
        } finally {
            lock.unlock();
            if (more) {
                demand.run();
            }
        }
    }

    private int take(byte[] first, byte[] target, int from, int length) {
        int count = Math.min(length, first.length - offset);
        System.arraycopy(first, offset, target, from, count);
        offset += count;
        buffered -= count;
        if (offset == first.length) {
            chunks.remove();
            offset = 0;
        }
        changed.signalAll();
        return count;
    }

    private boolean isOver() {
        return ended || unwanted;
    }

    private void await() throws IOException {
        try {
            Long end = endBy;
            long left = end == null ? stall.toNanos() : end - System.nanoTime();
            while (chunks.isEmpty() && !isOver()) {
                if (stall.isZero()) {
                    changed.await();
                } else if (left <= 0) {
                    throw new BodyTimeoutException("the peer sent too little for " + stall);
                } else {
                    left = changed.awaitNanos(left);
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
