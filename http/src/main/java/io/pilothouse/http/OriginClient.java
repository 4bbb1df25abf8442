package io.pilothouse.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends requests to other servers just as they are given, over HTTP/1.1 and a connection for each, and streams the answers: for a proxy. Blocks;
 * safe on any thread.
 */
public final class OriginClient {
    private static final int COPY_BYTES = 16 * 1024;
    private static final int MAX_INTERIM = 10;
    private final Optional<ClientTls> tls;
    private final Duration connectTimeout;
    private final Duration answerTimeout;

    /**
     * @param tls empty for plain text
     * @param connectTimeout to connect; an answer may take as long as it likes
     */
    public OriginClient(Optional<ClientTls> tls, Duration connectTimeout) {
        this(tls, connectTimeout, Duration.ZERO);
    }

    /** @param answerTimeout from there to the answer's head, which a body to be sent does not prolong; zero is forever */
    OriginClient(Optional<ClientTls> tls, Duration connectTimeout, Duration answerTimeout) {
        this.tls = tls;
        this.connectTimeout = connectTimeout;
        this.answerTimeout = answerTimeout;
    }

    /**
     * A body to send.
     *
     * @param length of it; negative where it is not known, which sends chunks
     */
    public record Body(InputStream bytes, long length) {
        public static final Body NONE = new Body(InputStream.nullInputStream(), 0);
    }

    /** What another server answered; with status 101 the connection is the caller's. Closing it ends the connection. */
    public record Answer(int status, Headers headers, InputStream body, RawConnection connection)
            implements AutoCloseable {
        @Override
        public void close() {
            connection.close();
        }
    }

    /** A connection on which one request may be sent. */
    public static final class Origin implements AutoCloseable {
        private final Socket socket;

        private Origin(Socket socket) {
            this.socket = socket;
        }

        /**
         * Sends a request and waits for the head of the answer.
         *
         * @param target path and query, encoded
         * @param headers all that is sent but the framing of the body, which is added here
         */
        public Answer send(String method, String target, Headers headers, Body body) throws IOException {
            OutputStream out = socket.getOutputStream();
            Headers sent = headers.copy().remove("content-length").remove("transfer-encoding");
            if (body.length() < 0) {
                sent.set("Transfer-Encoding", "chunked");
            } else if (body.length() > 0 || mayHaveBody(method)) {
                sent.set("Content-Length", Long.toString(body.length()));
            }
            out.write(OriginConnection.head(method, target, sent));
            if (body.length() != 0) {
                // A server may answer before it has the whole body.
                Thread.startVirtualThread(() -> pump(body, out));
            }
            InputStream in = new BufferedInputStream(socket.getInputStream(), COPY_BYTES);
            Headers fields = new Headers();
            int status = OriginConnection.readHead(in, fields);
            for (int i = 0; status < 200 && status != 101; i++) {
                if (i == MAX_INTERIM) {
                    throw new IOException("too many interim answers");
                }
                fields = new Headers();
                status = OriginConnection.readHead(in, fields);
            }
            socket.setSoTimeout(0); // What is watched may be silent for as long as it likes.
            return new Answer(
                    status, fields, AnswerBody.of(in, method, status, fields), new SocketConnection(socket, in));
        }

        private void pump(Body body, OutputStream out) {
            byte[] buffer = new byte[COPY_BYTES];
            int count = 0;
            while (count >= 0) {
                try {
                    count = body.bytes().read(buffer);
                } catch (IOException e) {
                    // Half a body must not be taken for a whole one, and whoever waits for the answer hears of it.
                    close();
                    return;
                }
                try {
                    out.write(body.length() < 0 ? chunk(buffer, count) : Arrays.copyOf(buffer, Math.max(count, 0)));
                } catch (IOException e) {
                    return; // The server takes no more; its answer may say why.
                }
            }
        }

        /** From any thread. */
        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // A socket that fails to close is closed.
            }
        }
    }

    /** @throws IOException if there is no connection to be had */
    public Origin connect(InetSocketAddress server, String host) throws IOException {
        Socket socket = OriginConnection.open(server, host, tls, connectTimeout);
        try {
            socket.setSoTimeout(Math.toIntExact(answerTimeout.toMillis()));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new Origin(socket);
    }

    private static boolean mayHaveBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    /** One chunk on the wire; the last where the count is negative. */
    private static byte[] chunk(byte[] bytes, int count) {
        var out = new ByteArrayOutputStream(Math.max(count, 0) + 16);
        out.writeBytes((Integer.toHexString(Math.max(count, 0)) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes, 0, Math.max(count, 0));
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }
}
