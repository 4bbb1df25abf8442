package io.pilothouse.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends requests to servers whose certificates have another name than their address, over a connection each (HTTP/1.1, RFC 9112): for
 * those who forward what they were asked. Blocks: for virtual threads. Safe on any thread.
 */
public final class ForwardClient {
    private static final int COPY_BYTES = 16 * 1024;
    private static final int CONTINUE_LIMIT = 10;

    private final UpgradeClient connections;

    /** @param timeout to connect, and from there to the answer's fields */
    public ForwardClient(ClientTls tls, Duration timeout) {
        connections = new UpgradeClient(Optional.of(tls), timeout);
    }

    /** How connections are upgraded to the same servers. */
    public UpgradeClient upgrades() {
        return connections;
    }

    /**
     * An answer; closing it closes the connection.
     *
     * @param body what follows, as it arrives
     */
    public record Answer(int status, Headers headers, InputStream body, Socket connection) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /**
     * Sends a request and reads the answer's fields.
     *
     * @param host the name that the certificate must have
     * @param target path and query, encoded
     * @param headers of the request; what concerns the connection is set here
     * @param body empty for none
     * @param length of the body; -1 where it is not known
     */
    public Answer send(
            InetSocketAddress server,
            String host,
            String method,
            String target,
            Headers headers,
            Optional<InputStream> body,
            long length)
            throws IOException {
        Socket socket = connections.connect(server, host);
        try {
            Headers sent = headers.copy().set("Connection", "close");
            if (!sent.contains("host")) {
                sent.set("Host", host + ":" + server.getPort());
            }
            sent.remove("content-length");
            boolean chunked = body.isPresent() && length < 0;
            if (chunked) {
                sent.set("Transfer-Encoding", "chunked");
            } else if (body.isPresent()) {
                sent.set("Content-Length", Long.toString(length));
            }
            OutputStream out = socket.getOutputStream();
            out.write(UpgradeClient.render(method, target, sent));
            if (body.isPresent()) {
                copy(body.get(), out, chunked);
            }
            out.flush();
            return answer(socket, method);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void copy(InputStream body, OutputStream out, boolean chunked) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            if (count > 0 && chunked) {
                out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(buffer, 0, count);
            if (count > 0 && chunked) {
                out.write(new byte[] {'\r', '\n'});
            }
        }
        if (chunked) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static Answer answer(Socket socket, String method) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), COPY_BYTES);
        Headers headers = new Headers();
        int status = UpgradeClient.readHead(in, headers);
        for (int i = 0; status >= 100 && status < 200; i++) {
            if (i == CONTINUE_LIMIT) {
                throw new IOException("too many interim answers");
            }
            headers = new Headers();
            status = UpgradeClient.readHead(in, headers);
        }
        // What is watched may be silent for as long as it likes.
        socket.setSoTimeout(0);
        String length = headers.first("content-length").orElse("");
        InputStream body;
        if (method.equals("HEAD") || status == 204 || status == 304) {
            body = InputStream.nullInputStream();
        } else if (headers.hasToken("transfer-encoding", "chunked")) {
            body = new ChunkedInput(in);
        } else if (length.matches("[0-9]{1,18}")) {
            body = new SizedInput(in, Long.parseLong(length));
        } else {
            body = in;
        }
        return new Answer(status, headers, body, socket);
    }

    /** A body of known length: one that ends early is an error. */
    private static final class SizedInput extends InputStream {
        private final InputStream in;
        private long left;

        SizedInput(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(count, left));
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            left -= read;
            return read;
        }
    }

    /** A body in chunks, each handed out as soon as it is there. */
    private static final class ChunkedInput extends InputStream {
        private final InputStream in;
        private long left;
        private boolean ended;
        private boolean begun;

        ChunkedInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            if (ended) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(count, left));
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            left -= read;
            return read;
        }

        private void next() throws IOException {
            if (begun) {
                UpgradeClient.line(in);
            }
            begun = true;
            String size = UpgradeClient.line(in).split(";", -1)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                throw new IOException("malformed HTTP answer");
            }
            left = Long.parseLong(size, 16);
            ended = left == 0;
        }
    }
}
