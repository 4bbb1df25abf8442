package io.pilothouse.http.streams;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes from one thread to another; the giver waits when the taker is slow. */
final class BytePipe extends InputStream {
    private static final int MAX_BUFFERED = 1 << 20;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private int offset;
    private int buffered;
    private boolean ended;
    private boolean unwanted;

    /** Takes over the array. Drops it when nobody reads any more. */
    void put(byte[] bytes) {
        lock.lock();
        try {
            while (buffered >= MAX_BUFFERED && !ended && !unwanted) {
                changed.awaitUninterruptibly();
            }
            if (!ended && !unwanted && bytes.length > 0) {
                chunks.add(bytes);
                buffered += bytes.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            unwanted = true;
            ended = true;
            chunks.clear();
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
        lock.lock();
        try {
            while (chunks.isEmpty() && !ended) {
                changed.await();
            }
            byte[] first = chunks.peek();
            if (first == null) {
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
            changed.signalAll();
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }
}
