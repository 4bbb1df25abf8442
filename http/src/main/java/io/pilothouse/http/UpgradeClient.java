package io.pilothouse.http;

import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.websocket.WebSocketConnection;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens upgraded connections to other servers, with blocking sockets: for virtual threads. Safe on any thread. */
public final class UpgradeClient {
    private static final int MAX_HEAD = 256 * 1024;
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
        Socket socket = connect(server, host);
        try {
            Headers sent = headers.copy();
            if (!sent.contains("host")) {
                sent.set("Host", host + ":" + server.getPort());
            }
            if (!sent.contains("connection")) {
                sent.set("Connection", "Upgrade");
            }
            socket.getOutputStream().write(render(method, target, sent));
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            Headers answer = new Headers();
            int status = readHead(in, answer);
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

    Socket connect(InetSocketAddress server, String host) throws IOException {
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(
                    server.isUnresolved() ? new InetSocketAddress(server.getHostString(), server.getPort()) : server,
                    Math.toIntExact(timeout.toMillis()));
            plain.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            if (tls.isEmpty()) {
                return plain;
            }
            SSLSocket secure = (SSLSocket)
                    tls.get().context().getSocketFactory().createSocket(plain, host, server.getPort(), true);
            if (tls.get().verify()) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
            }
            secure.startHandshake();
            return secure;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    static byte[] render(String method, String target, Headers headers) {
        StringBuilder head = new StringBuilder(256);
        head.append(checked(method)).append(' ').append(checked(target)).append(" HTTP/1.1\r\n");
        headers.forEach((name, value) ->
                head.append(checked(name)).append(": ").append(checked(value)).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String checked(String text) {
        if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("line break in a request's head");
        }
        return text;
    }

    static int readHead(InputStream in, Headers headers) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.") || status.length() < 12) {
            throw new IOException("not an HTTP/1.1 answer");
        }
        int total = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            total += line.length();
            if (colon < 1 || total > MAX_HEAD) {
                throw new IOException("malformed HTTP answer");
            }
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        try {
            return Integer.parseInt(status, 9, 12, 10);
        } catch (NumberFormatException e) {
            throw new IOException("malformed HTTP answer", e);
        }
    }

    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.size() > MAX_HEAD) {
                throw new IOException("malformed HTTP answer");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static String errorBody(InputStream in, Headers headers) throws IOException {
        String length = headers.first("content-length").orElse("");
        byte[] body;
        if (length.matches("[0-9]{1,9}")) {
            body = in.readNBytes(Math.min(MAX_ERROR_BODY, Integer.parseInt(length)));
        } else if (headers.hasToken("transfer-encoding", "chunked")) {
            body = in.readNBytes(Integer.parseInt(line(in).split(";", -1)[0].strip(), 16) & (MAX_ERROR_BODY - 1));
        } else {
            body = in.readNBytes(MAX_ERROR_BODY);
        }
        return new String(body, StandardCharsets.UTF_8);
    }
}
