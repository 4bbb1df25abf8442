package io.pilothouse.http.streams;

import io.pilothouse.http.Headers;
import io.pilothouse.http.UpgradeClient;
import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.spdy.SpdyStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The asking side of a remote command, over SPDY, towards a kubelet or a CRI streaming server. Each stream is for one thread at a time. */
public final class CommandClient implements AutoCloseable {
    private final SpdyConnection connection;
    private final int version;
    private final SpdyStream error;
    private final @Nullable SpdyStream stdin;
    private final @Nullable SpdyStream stdout;
    private final @Nullable SpdyStream stderr;
    private final @Nullable SpdyStream resize;

    private CommandClient(SpdyConnection connection, int version, CommandOptions options) throws IOException {
        this.connection = connection;
        this.version = version;
        // The order in which upstream's client creates them.
        this.error = open("error");
        this.stdin = options.stdin() ? open("stdin") : null;
        this.stdout = options.stdout() ? open("stdout") : null;
        this.stderr = options.stderr() ? open("stderr") : null;
        this.resize = options.tty() && version >= 3 ? open("resize") : null;
    }

    private SpdyStream open(String type) throws IOException {
        return connection.open(Headers.of(SpdyCommandServer.STREAM_TYPE, type));
    }

    /**
     * Connects and opens the streams.
     *
     * @param target path and query of the exec or attach
     * @param maxVersion the newest version to offer, 1 to 4
     * @throws io.pilothouse.http.UpgradeException with the server's status and message when it refuses
     */
    public static CommandClient connect(
            UpgradeClient client,
            InetSocketAddress server,
            String host,
            String target,
            CommandOptions options,
            int maxVersion)
            throws IOException {
        Headers headers = new Headers();
        for (int version = Math.min(4, maxVersion); version >= 1; version--) {
            headers.add(CommandServer.VERSION_FIELD, CommandServer.protocolOf(version));
        }
        headers.set("Content-Length", "0");
        var upgraded = client.spdyUpgrade(server, host, "POST", target, headers);
        int version = upgraded.headers()
                .first(CommandServer.VERSION_FIELD)
                .map(CommandServer::versionOf)
                .orElse(1);
        SpdyConnection connection = SpdyConnection.client(upgraded.connection());
        try {
            return new CommandClient(connection, version, options);
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** What was agreed on; see {@link CommandServer#version}. */
    public int version() {
        return version;
    }

    /** The command's standard input; closing it is its end. */
    public OutputStream stdin() {
        return stdin == null ? OutputStream.nullOutputStream() : stdin.output();
    }

    /** What the command writes. */
    public InputStream stdout() {
        return stdout == null ? InputStream.nullInputStream() : stdout.input();
    }

    /** What the command writes as errors. */
    public InputStream stderr() {
        return stderr == null ? InputStream.nullInputStream() : stderr.input();
    }

    /** For terminal sizes as JSON. */
    public OutputStream resizeEvents() {
        return resize == null ? OutputStream.nullOutputStream() : resize.output();
    }

    /** Blocks until the command ends: what the server put on the error channel. */
    public byte[] awaitOutcome() throws IOException {
        ByteArrayOutputStream outcome = new ByteArrayOutputStream();
        try {
            error.input().transferTo(outcome);
        } catch (IOException e) {
            // Go's servers reset all streams when they close: what came before counts.
            if (outcome.size() == 0) {
                throw e;
            }
        }
        return outcome.toByteArray();
    }

    @Override
    public void close() {
        connection.close();
    }
}
