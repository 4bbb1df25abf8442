package io.pilothouse.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of another server's answer, freed of its framing (RFC 9112 section 6.3). */
final class AnswerBody extends InputStream {
    private final InputStream wire;
    private final boolean chunked;
    /** Of the chunk, or of the whole body; negative where the connection's end is the body's. */
    private long left;

    private boolean ended;

    private AnswerBody(InputStream wire, boolean chunked, long left) {
        this.wire = wire;
        this.chunked = chunked;
        this.left = left;
        this.ended = !chunked && left == 0;
    }

    static InputStream of(InputStream wire, String method, int status, Headers headers) throws IOException {
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (headers.hasToken("transfer-encoding", "chunked")) {
            return new AnswerBody(wire, true, 0);
        }
        String length = headers.first("content-length").orElse("");
        if (!length.isEmpty() && !length.matches("[0-9]{1,18}")) {
            throw new IOException("malformed HTTP answer");
        }
        return new AnswerBody(wire, false, length.isEmpty() ? -1 : Long.parseLong(length));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = wire.read(target, from, left < 0 ? length : (int) Math.min(left, length));
        if (count < 0) {
            if (left >= 0) {
                throw new EOFException("unexpected EOF");
            }
            ended = true;
            return -1;
        }
        if (left > 0) {
            left -= count;
            if (left == 0) {
                endPart();
            }
        }
        return count;
    }

    private void nextChunk() throws IOException {
        String size = OriginConnection.line(wire).split(";", -1)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new IOException("malformed chunk in an HTTP answer");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            while (!OriginConnection.line(wire).isEmpty()) {
                // A trailer, which is not passed on.
            }
            ended = true;
        }
    }

    private void endPart() throws IOException {
        if (!chunked) {
            ended = true;
        } else if (!OriginConnection.line(wire).isEmpty()) {
            throw new IOException("malformed chunk in an HTTP answer");
        }
    }
}
