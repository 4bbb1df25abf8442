package io.pilothouse.http;

import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.websocket.WebSocketConnection;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Opens upgraded connections to other servers, with blocking sockets: for virtual threads. Safe on any thread. */
public final class UpgradeClient {
    private static final int MAX_ERROR_BODY = 64 * 1024;
    private final Optional<ClientTls> tls;
    private final Duration timeout;

    /**
     * @param tls empty for plain text
     * @param timeout to connect, and from there to the answer's fields
     */
    public UpgradeClient(Optional<ClientTls> tls, Duration timeout) {
        this.tls = tls;
        this.timeout = timeout;
    }

    /** An answer that switched protocols. */
    public record Upgraded(int status, Headers headers, RawConnection connection) {}

    /**
     * Sends a request with no body as it is, with Host and Connection: Upgrade where absent.
     *
     * @param target path and query, encoded
     * @throws UpgradeException when the answer is not 101; its message is the answer's body
     */
    public Upgraded upgrade(InetSocketAddress server, String host, String method, String target, Headers headers)
            throws IOException {
        Socket socket = OriginConnection.open(server, host, tls, timeout);
        try {
            Headers sent = headers.copy();
            if (!sent.contains("host")) {
                sent.set("Host", host + ":" + server.getPort());
            }
            if (!sent.contains("connection")) {
                sent.set("Connection", "Upgrade");
            }
            socket.getOutputStream().write(OriginConnection.head(method, target, sent));
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            Headers answer = new Headers();
            int status = OriginConnection.readHead(in, answer);
            if (status != 101) {
                throw new UpgradeException(status, errorBody(in, answer));
            }
            socket.setSoTimeout(0);
            return new Upgraded(status, answer, new SocketConnection(socket, in));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Upgrades to SPDY/3.1. */
    public SpdyConnection spdy(InetSocketAddress server, String host, String method, String target, Headers headers)
            throws IOException {
        return SpdyConnection.client(
                spdyUpgrade(server, host, method, target, headers).connection());
    }

    /** As {@link #spdy}, for who needs the answer's fields too. */
    public Upgraded spdyUpgrade(InetSocketAddress server, String host, String method, String target, Headers headers)
            throws IOException {
        return upgrade(server, host, method, target, headers.copy().set("Upgrade", Upgrades.SPDY));
    }

    /** Opens a WebSocket; the server must choose one of the subprotocols if any are named. */
    public WebSocketConnection webSocket(
            InetSocketAddress server,
            String host,
            String target,
            Headers headers,
            List<String> subprotocols,
            int maxMessageBytes)
            throws IOException {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        Headers sent = headers.copy()
                .set("Upgrade", "websocket")
                .set("Sec-WebSocket-Version", "13")
                .set("Sec-WebSocket-Key", key);
        if (!subprotocols.isEmpty()) {
            sent.set("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        Upgraded upgraded = upgrade(server, host, "GET", target, sent);
        String chosen = upgraded.headers().first("sec-websocket-protocol").orElse("");
        boolean accepted = WebSocketConnection.acceptKey(key)
                .equals(upgraded.headers().first("sec-websocket-accept").orElse(""));
        if (!accepted || (subprotocols.isEmpty() ? !chosen.isEmpty() : !subprotocols.contains(chosen))) {
            upgraded.connection().close();
            throw new UpgradeException(502, "the server's WebSocket handshake does not fit");
        }
        return WebSocketConnection.client(upgraded.connection(), chosen, maxMessageBytes);
    }

    private static String errorBody(InputStream in, Headers headers) throws IOException {
        String length = headers.first("content-length").orElse("");
        byte[] body;
        if (length.matches("[0-9]{1,9}")) {
            body = in.readNBytes(Math.min(MAX_ERROR_BODY, Integer.parseInt(length)));
        } else if (headers.hasToken("transfer-encoding", "chunked")) {
            body = in.readNBytes(
                    Integer.parseInt(OriginConnection.line(in).split(";", -1)[0].strip(), 16) & (MAX_ERROR_BODY - 1));
        } else {
            body = in.readNBytes(MAX_ERROR_BODY);
        }
        return new String(body, StandardCharsets.UTF_8);
    }
}
