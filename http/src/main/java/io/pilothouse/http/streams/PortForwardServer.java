package io.pilothouse.http.streams;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.spdy.SpdyStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The serving side of port forwarding: SPDY, plain or through a WebSocket, or WebSocket channels. One caller of {@link #next} at a time. */
public final class PortForwardServer implements AutoCloseable {
    static final String PROTOCOL = "portforward.k8s.io";
    static final String TUNNEL_PREFIX = "SPDY/3.1+";
    static final String PORT = "port";
    static final String REQUEST_ID = "requestID";
    private static final int MAX_MESSAGE = 1 << 20;
    private static final int MAX_HALVES = 100;
    private final @Nullable SpdyConnection connection;
    private final @Nullable WebSocketForwards forwards;
    private final Map<String, SpdyStream> halves = new HashMap<>();

    private PortForwardServer(@Nullable SpdyConnection connection, @Nullable WebSocketForwards forwards) {
        this.connection = connection;
        this.forwards = forwards;
    }

    /**
     * Answers the upgrade.
     *
     * @throws UpgradeException when the client asks for another protocol; nothing is answered then
     */
    public static PortForwardServer accept(Exchange exchange) throws IOException {
        if (exchange.wantsUpgrade("websocket")) {
            String tunnel = TUNNEL_PREFIX + PROTOCOL;
            return exchange.headers().tokens("sec-websocket-protocol").contains(tunnel)
                    ? new PortForwardServer(
                            SpdyConnection.server(exchange.acceptWebSocket(tunnel, MAX_MESSAGE)
                                    .asStream()),
                            null)
                    : new PortForwardServer(null, WebSocketForwards.open(exchange));
        }
        List<String> offered = exchange.headers().tokens(CommandServer.VERSION_FIELD);
        if (!offered.contains(PROTOCOL)) {
            throw new UpgradeException(
                    403, "unable to upgrade: client supports " + offered + ", server accepts " + PROTOCOL);
        }
        return new PortForwardServer(exchange.acceptSpdy(Headers.of(CommandServer.VERSION_FIELD, PROTOCOL)), null);
    }

    /** The next connection that the client forwards; empty after that long or when the client has gone ({@link #isOpen}). */
    public Optional<ForwardedConnection> next(Duration patience) throws InterruptedException {
        if (connection == null) {
            Optional<ForwardedConnection> port = forwards == null ? Optional.empty() : forwards.next();
            if (port.isEmpty()) {
                Thread.sleep(patience); // all ports were given at once: there will be no other
            }
            return port;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<SpdyStream> stream = connection.accept(Duration.ofNanos(deadline - System.nanoTime()));
            if (stream.isEmpty()) {
                return Optional.empty();
            }
            Optional<ForwardedConnection> whole = pair(stream.get());
            if (whole.isPresent()) {
                return whole;
            }
        }
    }

    private Optional<ForwardedConnection> pair(SpdyStream stream) {
        String type = stream.headers().first(SpdyCommandServer.STREAM_TYPE).orElse("");
        String port = stream.headers().first(PORT).orElse("");
        boolean data = type.equals("data");
        if ((!data && !type.equals("error")) || !port.matches("[0-9]{1,5}") || halves.size() >= MAX_HALVES) {
            stream.reset();
            return Optional.empty();
        }
        // Clients before requestID create the error stream and then, two numbers on, the data stream.
        String id = stream.headers().first(REQUEST_ID).orElse("#" + (data ? stream.id() - 2 : stream.id()));
        SpdyStream other = halves.remove(id);
        if (other == null) {
            halves.put(id, stream);
            return Optional.empty();
        }
        return Optional.of(
                ForwardedConnection.of(Integer.parseInt(port), data ? stream : other, data ? other : stream));
    }

    /** Whether the client is there. */
    public boolean isOpen() {
        return connection != null ? connection.isOpen() : forwards != null && forwards.isOpen();
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
        if (forwards != null) {
            forwards.close();
        }
    }
}
