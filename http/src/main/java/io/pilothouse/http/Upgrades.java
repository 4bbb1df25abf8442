package io.pilothouse.http;

import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.websocket.WebSocketConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The server's side of the handshakes. */
final class Upgrades {
    static final String SPDY = "SPDY/3.1";

    private Upgrades() {}

    static WebSocketConnection acceptWebSocket(Exchange exchange, @Nullable String subprotocol, int maxMessageBytes)
            throws IOException {
        String key = exchange.headers().firstOrNull("sec-websocket-key");
        if (!exchange.wantsUpgrade("websocket")
                || key == null
                || !exchange.method().equals("GET")) {
            throw new UpgradeException(400, "not a WebSocket handshake");
        }
        if (!exchange.headers().first("sec-websocket-version").orElse("").equals("13")) {
            throw new UpgradeException(426, "WebSocket version must be 13");
        }
        Headers answer = Headers.of(
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Accept",
                WebSocketConnection.acceptKey(key.strip()));
        if (subprotocol != null) {
            answer.add("Sec-WebSocket-Protocol", subprotocol);
        }
        RawConnection raw = exchange.switchProtocols(101, answer);
        return WebSocketConnection.server(raw, subprotocol == null ? "" : subprotocol, maxMessageBytes);
    }

    static SpdyConnection acceptSpdy(Exchange exchange, Headers extra) throws IOException {
        if (!exchange.wantsUpgrade(SPDY)) {
            throw new UpgradeException(400, "unable to upgrade: missing upgrade headers in request");
        }
        Headers answer = Headers.of("Connection", "Upgrade", "Upgrade", SPDY);
        extra.forEach(answer::add);
        return SpdyConnection.server(exchange.switchProtocols(101, answer));
    }
}
