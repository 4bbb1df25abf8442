package io.pilothouse.http.streams;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.spdy.SpdyStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A SPDY stream for each of a command's streams, told apart by the field {@code streamType}. */
final class SpdyCommandServer implements CommandServer {
    static final String STREAM_TYPE = "streamType";
    private static final Duration CREATION = Duration.ofSeconds(30);
    private static final Duration FINISH = Duration.ofSeconds(60);
    private final SpdyConnection connection;
    private final int version;
    private final Map<String, SpdyStream> streams;

    private SpdyCommandServer(SpdyConnection connection, int version, Map<String, SpdyStream> streams) {
        this.connection = connection;
        this.version = version;
        this.streams = streams;
    }

    static CommandServer open(Exchange exchange, CommandOptions options) throws IOException {
        List<String> offered = exchange.headers().tokens(VERSION_FIELD);
        int version = offered.isEmpty() ? 1 : 0;
        for (String name : offered) {
            int known = CommandServer.versionOf(name);
            if (known > 0 && known < 5) {
                version = known; // the client's order is its preference
                break;
            }
        }
        if (version == 0) {
            throw new UpgradeException(
                    403,
                    "unable to upgrade: unable to negotiate protocol: client supports " + offered
                            + ", server accepts v4.channel.k8s.io and before");
        }
        Headers answer =
                offered.isEmpty() ? new Headers() : Headers.of(VERSION_FIELD, CommandServer.protocolOf(version));
        SpdyConnection connection = exchange.acceptSpdy(answer);
        try {
            return new SpdyCommandServer(connection, version, await(connection, wanted(options, version)));
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Set<String> wanted(CommandOptions options, int version) {
        Set<String> wanted = new HashSet<>(Set.of("error"));
        if (options.stdin()) {
            wanted.add("stdin");
        }
        if (options.stdout()) {
            wanted.add("stdout");
        }
        if (options.stderr()) {
            wanted.add("stderr");
        }
        if (options.tty() && version >= 3) {
            wanted.add("resize");
        }
        return wanted;
    }

    private static Map<String, SpdyStream> await(SpdyConnection connection, Set<String> wanted) throws IOException {
        Map<String, SpdyStream> streams = new HashMap<>();
        long deadline = System.nanoTime() + CREATION.toNanos();
        try {
            while (!streams.keySet().containsAll(wanted)) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                SpdyStream stream = connection
                        .accept(left)
                        .orElseThrow(() -> new IOException("timed out waiting for client to create streams"));
                String type = stream.headers().first(STREAM_TYPE).orElse("");
                if (wanted.contains(type) && !streams.containsKey(type)) {
                    streams.put(type, stream);
                } else {
                    stream.reset();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        return streams;
    }

    private InputStream input(String type) {
        SpdyStream stream = streams.get(type);
        return stream == null ? InputStream.nullInputStream() : stream.input();
    }

    private OutputStream output(String type) {
        SpdyStream stream = streams.get(type);
        return stream == null ? OutputStream.nullOutputStream() : stream.output();
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public InputStream stdin() {
        return input("stdin");
    }

    @Override
    public OutputStream stdout() {
        return output("stdout");
    }

    @Override
    public OutputStream stderr() {
        return output("stderr");
    }

    @Override
    public InputStream resizeEvents() {
        return input("resize");
    }

    @Override
    public void onDisconnect(Runnable action) {
        Thread.startVirtualThread(() -> {
            try {
                while (!connection.awaitClose(Duration.ofHours(1))) {
                    connection.ping();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException e) {
                connection.close();
            }
            action.run();
        });
    }

    @Override
    public void finish(byte[] outcome) throws IOException {
        discard(streams.get("stdin"));
        discard(streams.get("resize"));
        output("error").write(outcome);
        for (String type : List.of("stdout", "stderr", "error")) {
            SpdyStream stream = streams.get(type);
            if (stream != null) {
                stream.closeOutput();
            }
        }
        try {
            // The client closes when it has read it all.
            var _ = connection.awaitClose(FINISH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }

    private static void discard(@Nullable SpdyStream stream) {
        if (stream != null) {
            stream.discardInput();
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
