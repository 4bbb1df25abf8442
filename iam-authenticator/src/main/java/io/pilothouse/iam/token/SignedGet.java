package io.pilothouse.iam.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP/1.1 GET over one connection that may go to another address than the one in the URL, with the URL's own Host header. The JDK's
 * client does not let a caller set that header, and the signature covers it. Redirects are not followed.
 */
final class SignedGet {
    record Answer(int status, String body) {}

    private SignedGet() {}

    static Answer send(URI connect, URI url, Map<String, String> headers, int timeoutMillis, int maxBytes)
            throws IOException {
        boolean tls = "https".equals(connect.getScheme());
        int port = connect.getPort() >= 0 ? connect.getPort() : tls ? 443 : 80;
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(connect.getHost(), port), timeoutMillis);
            plain.setSoTimeout(timeoutMillis);
            Socket socket = tls ? secure(plain, url.getHost(), port) : plain;
            StringBuilder head =
                    new StringBuilder("GET " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\n");
            head.append("host: ").append(url.getRawAuthority()).append("\r\nconnection: close\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return answer(socket.getInputStream(), maxBytes);
        }
    }

    private static Socket secure(Socket plain, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static Answer answer(InputStream in, int maxBytes) throws IOException {
        String status = line(in, maxBytes);
        List<String> parts = List.of(status.split(" ", 3));
        if (parts.size() < 2 || !parts.getFirst().startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP answer");
        }
        boolean chunked = false;
        int length = -1;
        for (String line = line(in, maxBytes); !line.isEmpty(); line = line(in, maxBytes)) {
            String lower = line.toLowerCase(Locale.ROOT);
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
            if (lower.startsWith("content-length:")) {
                length = number(lower.substring(15).strip(), 10);
            }
        }
        byte[] body =
                chunked ? chunks(in, maxBytes) : in.readNBytes(length < 0 ? maxBytes : Math.min(length, maxBytes));
        return new Answer(number(parts.get(1), 10), new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int size = size(in, maxBytes); size > 0; size = size(in, maxBytes)) {
            if (out.size() + size > maxBytes) {
                throw new IOException("answer is too long");
            }
            out.write(in.readNBytes(size));
            line(in, maxBytes);
        }
        return out.toByteArray();
    }

    private static int size(InputStream in, int maxBytes) throws IOException {
        return number(line(in, maxBytes).split(";", 2)[0].strip(), 16);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            return Integer.parseInt(text, radix);
        } catch (NumberFormatException e) {
            throw new IOException("malformed HTTP answer", e);
        }
    }

    private static String line(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || out.size() > maxBytes) {
                throw new IOException("answer ended early");
            }
            out.write(c);
        }
        return out.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
