package io.pilothouse.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The wire of HTTP/1.1 towards another server, on a blocking socket (RFC 9112). */
final class OriginConnection {
    private static final int MAX_HEAD = 256 * 1024;

    private OriginConnection() {}

    /**
     * Connects, and shakes hands over TLS if there is any.
     *
     * @param timeout for that, and for each read until the caller sets another
     */
    static Socket open(InetSocketAddress server, String host, Optional<ClientTls> tls, Duration timeout)
            throws IOException {
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

    static byte[] head(String method, String target, Headers headers) {
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

    /** Reads a head into the fields given. @return the status */
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
}
