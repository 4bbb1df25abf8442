package io.pilothouse.http.spdy;

import io.pilothouse.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One stream of a SPDY connection. One reader and one writer at a time; closing and reset from any thread. */
public final class SpdyStream implements AutoCloseable {
    private static final int MAX_BUFFERED = 1 << 20;
    private final SpdyConnection connection;
    private final int id;
    private final Headers headers;
    private final CountDownLatch replied = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private int offset;
    private int buffered;
    private boolean inputEnded;
    private boolean inputUnwanted;
    private volatile boolean outputEnded;
    private @Nullable IOException failure;

    SpdyStream(SpdyConnection connection, int id, Headers headers, boolean inputEnded, boolean outputEnded) {
        this.connection = connection;
        this.id = id;
        this.headers = headers;
        this.inputEnded = inputEnded;
        this.outputEnded = outputEnded;
    }

    /** The connection's number for it. */
    public int id() {
        return id;
    }

    /** What it was opened with. */
    public Headers headers() {
        return headers;
    }

    void reply() {
        replied.countDown();
    }

    void awaitReply(long seconds) throws IOException {
        try {
            if (!replied.await(seconds, TimeUnit.SECONDS)) {
                reset();
                throw new IOException("the peer did not accept a SPDY stream in " + seconds + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        lock.lock();
        try {
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called by the connection's reader, which waits here when nobody reads the stream: TCP then holds the peer back. */
    void deliver(byte[] bytes) {
        lock.lock();
        try {
            while (buffered >= MAX_BUFFERED && !inputEnded && !inputUnwanted) {
                changed.awaitUninterruptibly();
            }
            if (!inputEnded && !inputUnwanted && bytes.length > 0) {
                chunks.add(bytes);
                buffered += bytes.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void endInput(@Nullable IOException cause) {
        lock.lock();
        try {
            if (!inputEnded) {
                inputEnded = true;
                failure = cause;
            }
            if (cause != null) {
                outputEnded = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        replied.countDown();
        forgetIfDone();
    }

    private void forgetIfDone() {
        lock.lock();
        try {
            if (!inputEnded || !outputEnded) {
                return;
            }
        } finally {
            lock.unlock();
        }
        connection.forget(this);
    }

    /** What the peer sends on it; ends with -1 at its half close, fails at a reset. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                return SpdyStream.this.read(target, from, length);
            }

            @Override
            public void close() {
                discardInput();
            }
        };
    }

    private int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0; // readNBytes asks so, and must not wait
        }
        lock.lock();
        try {
            while (chunks.isEmpty() && !inputEnded) {
                changed.await();
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
            changed.signalAll();
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    /** Drops what came and what will come, so that an unread stream does not hold up the others. */
    public void discardInput() {
        lock.lock();
        try {
            inputUnwanted = true;
            chunks.clear();
            buffered = 0;
            offset = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Towards the peer; closing it is the half close. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (outputEnded) {
                    throw new IOException("SPDY stream is closed for writing");
                }
                connection.sendData(id, bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                closeOutput();
            }
        };
    }

    /** Tells the peer that nothing more will come; reading goes on. */
    public void closeOutput() throws IOException {
        lock.lock();
        try {
            if (outputEnded) {
                return;
            }
            outputEnded = true;
        } finally {
            lock.unlock();
        }
        connection.sendFin(id);
        forgetIfDone();
    }

    /** Breaks it off both ways. */
    public void reset() {
        connection.sendReset(id, 5);
        endInput(new IOException("SPDY stream was reset"));
    }

    /** Half close, and what still comes is dropped. */
    @Override
    public void close() throws IOException {
        discardInput();
        closeOutput();
    }
}
