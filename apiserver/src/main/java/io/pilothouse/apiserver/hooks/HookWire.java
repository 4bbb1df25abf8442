package io.pilothouse.apiserver.hooks;

import io.pilothouse.http.ClientTls;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/**
 * One HTTPS request over a connection of its own (HTTP/1.1, RFC 9112). The name that the certificate must have is the URI's, the
 * address another one: what Java's own client cannot do.
 */
final class HookWire {
    private static final int BODY_LIMIT = 16 * 1024 * 1024;
    private static final int LINE_LIMIT = 16 * 1024;
    private static final int HEADER_LIMIT = 200;
    private static final long NANOS_PER_MILLI = 1_000_000;

    record Answer(int status, byte[] body) {}

    private HookWire() {}

    static Answer post(ServiceAddress server, URI uri, ClientTls tls, byte[] body, Duration timeout)
            throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(server.host(), server.port()), millisUntil(end));
            plain.setSoTimeout(millisUntil(end));
            try (var socket = (SSLSocket)
                    tls.context().getSocketFactory().createSocket(plain, uri.getHost(), server.port(), true)) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                String head = "POST " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: "
                        + uri.getRawAuthority()
                        + "\r\nUser-Agent: kube-apiserver-admission\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length
                        + "\r\nConnection: close\r\n\r\n";
                var out = socket.getOutputStream();
                out.write(head.getBytes(StandardCharsets.ISO_8859_1));
                out.write(body);
                out.flush();
                return read(new BufferedInputStream(within(socket, end)));
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("context deadline exceeded", e);
        } catch (ConnectException e) {
            throw new IOException(
                    "dial tcp " + numeric(server) + ": connect: "
                            + String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT),
                    e);
        } catch (UnknownHostException e) {
            throw new IOException("dial tcp: lookup " + server.host() + ": no such host", e);
        } catch (SSLHandshakeException e) {
            throw new IOException(handshake(e), e);
        }
    }

    /** @throws SocketTimeoutException when the time is over */
    private static int millisUntil(long endNanos) throws SocketTimeoutException {
        long millis = (endNanos - System.nanoTime()) / NANOS_PER_MILLI;
        if (millis <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        return Math.toIntExact(millis);
    }

    /** All reads together end at that time, not each of them alone. */
    private static InputStream within(Socket socket, long endNanos) throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read() throws IOException {
                socket.setSoTimeout(millisUntil(endNanos));
                return super.read();
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                socket.setSoTimeout(millisUntil(endNanos));
                return super.read(target, from, length);
            }
        };
    }

    private static String numeric(ServiceAddress server) throws UnknownHostException {
        var address = InetAddress.getByName(server.host());
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + server.port();
    }

    /** What is wrong with a server's certificate, in the words of Go's client. */
    private static String handshake(SSLHandshakeException e) {
        String why = String.valueOf(e.getMessage());
        boolean unknown = why.contains("unable to find valid certification path")
                || why.contains("No trusted certificate")
                || why.contains("Path does not chain");
        return unknown
                ? "tls: failed to verify certificate: x509: certificate signed by unknown authority"
                : "tls: " + why;
    }

    private static Answer read(InputStream in) throws IOException {
        String[] status = line(in).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            throw new IOException("malformed HTTP response");
        }
        long length = -1;
        boolean chunked = false;
        String header = line(in);
        for (int i = 0; !header.isEmpty(); i++) {
            if (i == HEADER_LIMIT) {
                throw new IOException("too many headers");
            }
            int colon = header.indexOf(':');
            String name = header.substring(0, Math.max(0, colon)).trim().toLowerCase(Locale.ROOT);
            String value = header.substring(colon + 1).trim();
            if (name.equals("content-length")) {
                length = number(value, 10);
            }
            chunked |= name.equals("transfer-encoding") && value.equalsIgnoreCase("chunked");
            header = line(in);
        }
        byte[] body = chunked ? chunks(in) : length >= 0 ? exactly(in, length) : in.readNBytes(BODY_LIMIT);
        return new Answer((int) number(status[1], 10), body);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var out = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            int extension = size.indexOf(';');
            long length = number((extension < 0 ? size : size.substring(0, extension)).trim(), 16);
            if (length == 0) {
                return out.toByteArray();
            }
            if (out.size() + length > BODY_LIMIT) {
                throw new IOException("the answer is too large");
            }
            out.write(exactly(in, length));
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, long length) throws IOException {
        if (length > BODY_LIMIT) {
            throw new IOException("the answer is too large");
        }
        byte[] out = in.readNBytes((int) length);
        if (out.length < length) {
            throw new EOFException("unexpected EOF");
        }
        return out;
    }

    private static long number(String text, int radix) throws IOException {
        try {
            return Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            throw new IOException("malformed HTTP response", e);
        }
    }

    private static String line(InputStream in) throws IOException {
        var out = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("EOF");
            }
            if (out.size() == LINE_LIMIT) {
                throw new IOException("a header is too long");
            }
            out.write(b);
        }
        String text = out.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
