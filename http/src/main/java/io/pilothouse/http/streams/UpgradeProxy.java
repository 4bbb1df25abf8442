package io.pilothouse.http.streams;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.RawConnection;
import io.pilothouse.http.UpgradeClient;
import io.pilothouse.http.UpgradeClient.Upgraded;
import io.pilothouse.http.UpgradeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes an upgrade request on to another server and then bytes both ways, without looking into them. */
public final class UpgradeProxy {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeProxy.class);
    private static final int MAX_MESSAGE = 1 << 20;
    private static final List<String> PASSED = List.of(
            "upgrade",
            CommandServer.VERSION_FIELD,
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-protocol",
            "sec-websocket-extensions",
            "user-agent");

    private UpgradeProxy() {}

    /**
     * Blocks until either side closes. SPDY that the client tunnels through a WebSocket leaves the tunnel here, as upstream's API server does
     * for port forwarding. A refusal by the other server is passed back as it is.
     *
     * @param extra fields for the other server, such as its credentials; the client's own credentials are not passed on
     * @throws IOException when the other server can't be reached; nothing is answered then
     */
    public static void run(
            Exchange exchange,
            UpgradeClient client,
            InetSocketAddress server,
            String host,
            String target,
            Headers extra)
            throws IOException {
        String tunnelled = exchange.headers().tokens("sec-websocket-protocol").stream()
                .filter(name -> name.startsWith(PortForwardServer.TUNNEL_PREFIX))
                .findFirst()
                .orElse("");
        try {
            if (tunnelled.isEmpty()) {
                plain(exchange, client, server, host, target, extra);
            } else {
                tunnel(exchange, tunnelled, client, server, host, target, extra);
            }
        } catch (UpgradeException e) {
            if (exchange.responded()) {
                throw e;
            }
            byte[] body = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
            String type = body.length > 0 && body[0] == '{' ? "application/json" : "text/plain; charset=utf-8";
            exchange.respond(e.status(), Headers.of("Content-Type", type), body);
        }
    }

    private static void plain(
            Exchange exchange,
            UpgradeClient client,
            InetSocketAddress server,
            String host,
            String target,
            Headers extra)
            throws IOException {
        Headers headers = extra.copy();
        for (String name : PASSED) {
            exchange.headers().all(name).forEach(value -> headers.add(name, value));
        }
        if (!exchange.method().equals("GET")) {
            headers.set("Content-Length", "0");
        }
        Upgraded upgraded = client.upgrade(server, host, exchange.method(), target, headers);
        try (RawConnection upstream = upgraded.connection();
                RawConnection downstream = exchange.switchProtocols(upgraded.status(), upgraded.headers())) {
            join(downstream, upstream);
        }
    }

    private static void tunnel(
            Exchange exchange,
            String tunnelled,
            UpgradeClient client,
            InetSocketAddress server,
            String host,
            String target,
            Headers extra)
            throws IOException {
        String inner = tunnelled.substring(PortForwardServer.TUNNEL_PREFIX.length());
        Headers headers = extra.copy().set(CommandServer.VERSION_FIELD, inner).set("Content-Length", "0");
        Upgraded upgraded = client.spdyUpgrade(server, host, "POST", target, headers);
        try (RawConnection upstream = upgraded.connection();
                RawConnection downstream =
                        exchange.acceptWebSocket(tunnelled, MAX_MESSAGE).asStream()) {
            join(downstream, upstream);
        }
    }

    /** Copies both ways until the server's side ends, or the client's does and the server has answered that. */
    public static void join(RawConnection client, RawConnection server) {
        Thread.startVirtualThread(() -> {
            try {
                client.input().transferTo(server.output());
                server.shutdownOutput();
            } catch (IOException e) {
                LOG.atTrace().setCause(e).log("proxied client ended");
                server.close();
            }
        });
        try {
            server.input().transferTo(client.output());
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("proxied server ended");
        } finally {
            client.close();
            server.close();
        }
    }
}
