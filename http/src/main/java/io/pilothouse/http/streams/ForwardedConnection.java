package io.pilothouse.http.streams;

import io.pilothouse.http.RawConnection;
import io.pilothouse.http.spdy.SpdyStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** One forwarded connection: bytes both ways, and a word on the side when it fails. */
public final class ForwardedConnection implements RawConnection {
    private final int port;
    private final Ends ends;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The data's and the error's two ways. */
    record Ends(InputStream input, OutputStream output, InputStream errorInput, OutputStream errorOutput) {}

    ForwardedConnection(int port, Ends ends, Runnable onClose) {
        this.port = port;
        this.ends = ends;
        this.onClose = onClose;
    }

    static ForwardedConnection of(int port, SpdyStream data, SpdyStream error) {
        return new ForwardedConnection(
                port, new Ends(data.input(), data.output(), error.input(), error.output()), () -> {});
    }

    /** The pod's port. */
    public int port() {
        return port;
    }

    @Override
    public InputStream input() {
        return ends.input();
    }

    @Override
    public OutputStream output() {
        return ends.output();
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void shutdownOutput() throws IOException {
        ends.output().close();
    }

    /** Tells the client why it failed, and closes. For the serving side. */
    public void fail(String message) throws IOException {
        ends.errorOutput().write(message.getBytes(StandardCharsets.UTF_8));
        close();
    }

    /** What the server had to say; empty when all went well. Blocks until it is done. For the asking side. */
    public String awaitError() throws IOException {
        return new String(ends.errorInput().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (var _ = ends.errorOutput();
                var _ = ends.output()) {
            ends.errorInput().close();
            ends.input().close();
        } catch (IOException e) {
            // The connection beneath is gone, and all of this with it.
        } finally {
            onClose.run();
        }
    }
}
