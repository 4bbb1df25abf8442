package io.pilothouse.apiserver.negotiation;

import io.pilothouse.http.Headers;
import io.pilothouse.http.ResponseStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Which answers are compressed, and how: large ones, for clients that ask for gzip, at the level that costs least. */
public final class Compression {
    private static final int THRESHOLD_BYTES = 128 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    private Compression() {}

    /** Whether an answer is to be compressed. */
    public static boolean applies(Headers request, byte[]... pieces) {
        return isLarge(pieces) && accepted(request);
    }

    public static boolean isLarge(byte[]... pieces) {
        long length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        return length > THRESHOLD_BYTES;
    }

    /** Whether the client takes gzip. Upstream knows the bare word alone, with no weights. */
    public static boolean accepted(Headers request) {
        return Arrays.stream(request.first("accept-encoding").orElse("").split(",", -1))
                .anyMatch(token -> token.strip().equals("gzip"));
    }

    /** Writes the pieces into a started answer. */
    public static void write(ResponseStream stream, byte[]... pieces) throws IOException {
        try (var zip = into(stream)) {
            for (byte[] piece : pieces) {
                zip.write(piece);
            }
        }
    }

    /** Compresses what is written there into a started answer; to be closed before that one is. */
    public static OutputStream into(ResponseStream stream) throws IOException {
        return new FastGzip(new Sink(stream));
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Gives the compressor's buffers, which it uses again, to the stream as copies. */
    private static final class Sink extends OutputStream {
        private final ResponseStream stream;

        Sink(ResponseStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) throws IOException {
            stream.write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream.write(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }
}
