package io.pilothouse.http.streams;

import io.pilothouse.http.RawConnection;
import io.pilothouse.http.spdy.SpdyStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One forwarded connection: bytes both ways, and a word on the side when it fails. */
public final class ForwardedConnection implements RawConnection {
    private final int port;
    private final SpdyStream data;
    private final SpdyStream error;

    ForwardedConnection(int port, SpdyStream data, SpdyStream error) {
        this.port = port;
        this.data = data;
        this.error = error;
    }

    /** The pod's port. */
    public int port() {
        return port;
    }

    @Override
    public InputStream input() {
        return data.input();
    }

    @Override
    public OutputStream output() {
        return data.output();
    }

    @Override
    public boolean isOpen() {
        return true; // as long as reads and writes work
    }

    @Override
    public void shutdownOutput() throws IOException {
        data.closeOutput();
    }

    /** Tells the client why it failed, and closes. For the serving side. */
    public void fail(String message) throws IOException {
        error.output().write(message.getBytes(StandardCharsets.UTF_8));
        close();
    }

    /** What the server had to say; empty when all went well. Blocks until it is done. For the asking side. */
    public String awaitError() throws IOException {
        return new String(error.input().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            error.close();
            data.close();
        } catch (IOException e) {
            data.reset();
        }
    }
}
