package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An aws-chunked body: signed chunks (STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER]) or unsigned ones with a trailer. Each chunk's
 * signature is verified before its bytes are handed on; trailers are known once the stream has ended.
 */
public final class ChunkedBody implements AwsRequest.Body {
    private static final int MAX_CHUNK = 32 << 20;
    private static final int MAX_LINE = 8192;
    private final AwsRequest.Body body;
    private final boolean signed;
    private final RequestSignature signature;
    private final byte[] key;
    private final Map<String, String> trailers = new LinkedHashMap<>();

    ChunkedBody(AwsRequest.Body body, String mode, RequestSignature signature, byte[] key) {
        this.body = body;
        this.signed = mode.startsWith("STREAMING-AWS4-HMAC-SHA256");
        if (!signed && !mode.equals("STREAMING-UNSIGNED-PAYLOAD-TRAILER")) {
            throw new SignatureFailure(
                    SignatureFailure.Kind.PAYLOAD, "The payload mode " + mode + " is not supported.");
        }
        this.signature = signature;
        this.key = key;
    }

    /** The trailing headers, by lower-case name; empty until the stream was read to its end. */
    public Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public InputStream open() throws IOException {
        return new Decoder(new BufferedInputStream(body.open(), 1 << 16));
    }

    @Override
    public byte[] bytes(int maxBytes) throws IOException {
        try (InputStream in = open()) {
            byte[] all = in.readNBytes(maxBytes + 1);
            if (all.length > maxBytes) {
                throw new AwsException(413, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
            }
            return all;
        }
    }

    private final class Decoder extends InputStream {
        private final InputStream in;
        private InputStream chunk = InputStream.nullInputStream();
        private String previous = signature.signature();
        private boolean ended;

        Decoder(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            while (!ended) {
                int count = chunk.read(buffer, offset, length);
                if (count > 0) {
                    return count;
                }
                nextChunk();
            }
            return -1;
        }

        private void nextChunk() throws IOException {
            String head = line();
            int semicolon = head.indexOf(';');
            int size;
            try {
                size = Integer.parseInt(semicolon < 0 ? head : head.substring(0, semicolon), 16);
            } catch (NumberFormatException e) {
                throw malformed();
            }
            if (size < 0 || size > MAX_CHUNK) {
                throw malformed();
            }
            byte[] data = in.readNBytes(size);
            if (data.length < size) {
                throw malformed();
            }
            if (signed) {
                check(head, data);
            }
            if (size == 0) {
                readTrailers();
                ended = true;
            } else {
                if (!line().isEmpty()) {
                    throw malformed();
                }
                chunk = new ByteArrayInputStream(data);
            }
        }

        private void check(String head, byte[] data) {
            int at = head.indexOf(";chunk-signature=");
            String given = at < 0 ? "" : head.substring(at + 17);
            String toSign = SigV4.ALGORITHM + "-PAYLOAD\n" + signature.date() + "\n"
                    + signature.scope().text() + "\n" + previous + "\n" + SigV4.EMPTY_SHA256 + "\n" + SigV4.hash(data);
            verify(given, toSign);
        }

        private void verify(String given, String toSign) {
            String computed = SigV4.sign(key, toSign);
            if (!SigV4.sameSignature(computed, given)) {
                throw new AwsException(
                        403, "SignatureDoesNotMatch", "The signature of a chunk of the body does not match.");
            }
            previous = computed;
        }

        private void readTrailers() throws IOException {
            StringBuilder canonical = new StringBuilder();
            String trailerSignature = null;
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon < 1) {
                    throw malformed();
                }
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                if (name.equals("x-amz-trailer-signature")) {
                    trailerSignature = value;
                } else {
                    trailers.put(name, value);
                    canonical.append(name).append(':').append(value).append('\n');
                }
            }
            if (signed && !trailers.isEmpty()) {
                verify(
                        trailerSignature == null ? "" : trailerSignature,
                        SigV4.ALGORITHM + "-TRAILER\n" + signature.date() + "\n"
                                + signature.scope().text() + "\n" + previous + "\n"
                                + SigV4.hash(canonical.toString().getBytes(StandardCharsets.UTF_8)));
            }
        }

        /** A line without its CRLF; at the end of input the empty string. */
        private String line() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                out.write(c);
                if (out.size() > MAX_LINE) {
                    throw malformed();
                }
            }
            return out.toString(StandardCharsets.UTF_8).stripTrailing();
        }

        private AwsException malformed() {
            return new AwsException(400, "IncompleteBody", "The aws-chunked body is malformed or ends early.");
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
