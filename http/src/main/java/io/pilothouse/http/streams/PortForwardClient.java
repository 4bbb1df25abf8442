package io.pilothouse.http.streams;

import io.pilothouse.http.Headers;
import io.pilothouse.http.UpgradeClient;
import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.spdy.SpdyStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** The asking side of port forwarding, over SPDY. Safe on any thread. */
public final class PortForwardClient implements AutoCloseable {
    private final SpdyConnection connection;
    private final AtomicInteger requests = new AtomicInteger();

    private PortForwardClient(SpdyConnection connection) {
        this.connection = connection;
    }

    /** Connects to a kubelet or a CRI streaming server. */
    public static PortForwardClient connect(UpgradeClient client, InetSocketAddress server, String host, String target)
            throws IOException {
        Headers headers = Headers.of(CommandServer.VERSION_FIELD, PortForwardServer.PROTOCOL, "Content-Length", "0");
        return new PortForwardClient(client.spdy(server, host, "POST", target, headers));
    }

    /** Forwards one connection to the pod's port. */
    public ForwardedConnection open(int port) throws IOException {
        Headers headers = Headers.of(
                PortForwardServer.PORT, Integer.toString(port),
                PortForwardServer.REQUEST_ID, Integer.toString(requests.getAndIncrement()));
        SpdyStream error = connection.open(headers.copy().set(SpdyCommandServer.STREAM_TYPE, "error"));
        error.closeOutput();
        SpdyStream data = connection.open(headers.copy().set(SpdyCommandServer.STREAM_TYPE, "data"));
        return ForwardedConnection.of(port, data, error);
    }

    @Override
    public void close() {
        connection.close();
    }
}
