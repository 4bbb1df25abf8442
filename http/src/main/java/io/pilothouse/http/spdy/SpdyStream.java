package io.pilothouse.http.spdy;

import io.pilothouse.http.BytePipe;
import io.pilothouse.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One stream of a SPDY connection. One reader and one writer at a time; closing and reset from any thread. */
public final class SpdyStream implements AutoCloseable {
    private final SpdyConnection connection;
    private final int id;
    private final Headers headers;
    private final CountDownLatch replied = new CountDownLatch(1);
    private final BytePipe input = new BytePipe();
    private final AtomicBoolean outputEnded;
    private volatile boolean inputEnded;

    SpdyStream(SpdyConnection connection, int id, Headers headers, boolean inputEnded, boolean outputEnded) {
        this.connection = connection;
        this.id = id;
        this.headers = headers;
        this.outputEnded = new AtomicBoolean(outputEnded);
        if (inputEnded) {
            this.inputEnded = true;
            input.end();
        }
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
        input.requireSound();
    }

    /** Called by the connection's reader, which waits here when nobody reads the stream: TCP then holds the peer back. */
    void deliver(byte[] bytes) {
        input.put(bytes);
    }

    void endInput(@Nullable IOException cause) {
        if (cause == null) {
            input.end();
        } else {
            input.fail(cause);
            outputEnded.set(true);
        }
        inputEnded = true;
        replied.countDown();
        forgetIfDone();
    }

    private void forgetIfDone() {
        if (inputEnded && outputEnded.get()) {
            connection.forget(this);
        }
    }

    /** What the peer sends on it; ends with -1 at its half close, fails at a reset. */
    public InputStream input() {
        return input;
    }

    /** Drops what came and what will come, so that an unread stream does not hold up the others. */
    public void discardInput() {
        input.close();
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
                if (outputEnded.get()) {
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
        if (outputEnded.compareAndSet(false, true)) {
            connection.sendFin(id);
            forgetIfDone();
        }
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
