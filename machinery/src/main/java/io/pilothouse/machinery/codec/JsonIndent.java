package io.pilothouse.machinery.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Compact JSON laid out for people, the way Go does: two spaces a level, empty containers on one line; what stands after its end (a line feed)
 * is left out. A text that would grow out of all proportion stays as it is. The text is given in pieces, which must not change afterwards.
 */
public final class JsonIndent {
    /** Bytes by which an indented text may be longer than three times the compact one: a deep tree would be almost nothing but spaces. */
    private static final int MORE = 16 * 1024 * 1024;

    private static final int BUFFER_BYTES = 128 * 1024;

    private final byte[][] pieces;
    private final long length;
    private final boolean tooLong;

    private JsonIndent(byte[][] pieces, long length, boolean tooLong) {
        this.pieces = pieces;
        this.length = length;
        this.tooLong = tooLong;
    }

    /** Takes what is laid out, bit by bit. */
    @FunctionalInterface
    public interface Sink {
        /** The next bytes; they are not changed afterwards. */
        void take(byte[] bytes) throws IOException;
    }

    /** The text laid out, in one array. */
    public static byte[] of(byte[]... pieces) {
        return measured(pieces).bytes();
    }

    /** Finds out how long the text will be, without laying it out. */
    public static JsonIndent measured(byte[]... pieces) {
        long compact = 0;
        for (byte[] piece : pieces) {
            compact += piece.length;
        }
        var count = new Count(3 * compact + MORE);
        try {
            lay(count, pieces);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count.full() ? new JsonIndent(pieces, compact, true) : new JsonIndent(pieces, count.bytes, false);
    }

    /** How many bytes it comes to. */
    public long length() {
        return length;
    }

    /** Whether it stays as it is, since it would grow out of all proportion. */
    public boolean tooLong() {
        return tooLong;
    }

    /** All of it. */
    public byte[] bytes() {
        byte[][] whole = {new byte[0]};
        try {
            if (tooLong) {
                var joined = new ByteArrayOutputStream(Math.toIntExact(length));
                write(joined::writeBytes);
                return joined.toByteArray();
            }
            write(bytes -> whole[0] = bytes, Math.toIntExact(length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return whole[0];
    }

    /** Gives it bit by bit: what was made and not yet taken is never more than 128 KiB. */
    public void write(Sink sink) throws IOException {
        if (tooLong) {
            for (byte[] piece : pieces) {
                sink.take(piece);
            }
        } else {
            write(sink, (int) Math.min(length, BUFFER_BYTES));
        }
    }

    private void write(Sink sink, int bufferBytes) throws IOException {
        var buffer = new Buffer(sink, bufferBytes);
        lay(buffer, pieces);
        buffer.flush();
    }

    private static void lay(Out out, byte[]... pieces) throws IOException {
        var layout = new Layout(out);
        for (byte[] piece : pieces) {
            if (out.full()) {
                return;
            }
            layout.take(piece);
        }
    }

    /** Where the laid out bytes go. */
    private interface Out {
        void one(byte b) throws IOException;

        void some(byte[] bytes, int from, int to) throws IOException;

        void line(int depth) throws IOException;

        /** Whether it takes no more; what is given nevertheless is lost. */
        boolean full();
    }

    /** Counts them, up to a limit. */
    private static final class Count implements Out {
        private final long most;
        private long bytes;

        Count(long most) {
            this.most = most;
        }

        @Override
        public void one(byte b) {
            bytes++;
        }

        @Override
        public void some(byte[] from, int start, int end) {
            bytes += end - start;
        }

        @Override
        public void line(int depth) {
            bytes += 1 + 2L * depth;
        }

        @Override
        public boolean full() {
            return bytes > most;
        }
    }

    /** Gathers them in arrays, a new one for each, since those who take them may keep them. */
    private static final class Buffer implements Out {
        private final Sink sink;
        private byte[] bytes;
        private int filled;

        Buffer(Sink sink, int size) {
            this.sink = sink;
            this.bytes = new byte[size];
        }

        @Override
        public void one(byte b) throws IOException {
            if (filled == bytes.length) {
                next();
            }
            bytes[filled++] = b;
        }

        @Override
        public void some(byte[] from, int start, int end) throws IOException {
            for (int at = start; at < end; ) {
                int taken = room(end - at);
                System.arraycopy(from, at, bytes, filled, taken);
                filled += taken;
                at += taken;
            }
        }

        @Override
        public void line(int depth) throws IOException {
            one((byte) '\n');
            for (int left = 2 * depth; left > 0; ) {
                int taken = room(left);
                Arrays.fill(bytes, filled, filled + taken, (byte) ' ');
                filled += taken;
                left -= taken;
            }
        }

        private int room(int wanted) throws IOException {
            if (filled == bytes.length) {
                next();
            }
            return Math.min(wanted, bytes.length - filled);
        }

        private void next() throws IOException {
            sink.take(bytes);
            bytes = new byte[bytes.length];
            filled = 0;
        }

        void flush() throws IOException {
            if (filled > 0) {
                sink.take(filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled));
            }
        }

        @Override
        public boolean full() {
            return false;
        }
    }

    /** One pass over the bytes: all that counts is ASCII. */
    private static final class Layout {
        private final Out out;
        private int depth;
        private boolean text;
        private boolean escaped;
        /** Whether a container was opened and nothing stands in it yet. */
        private boolean opened;

        Layout(Out out) {
            this.out = out;
        }

        void take(byte[] piece) throws IOException {
            for (int at = 0; at < piece.length; ) {
                if (text) {
                    int end = endOfText(piece, at);
                    out.some(piece, at, end);
                    at = end;
                } else {
                    mark(piece[at++]);
                }
            }
        }

        private int endOfText(byte[] piece, int start) {
            for (int at = start; at < piece.length; at++) {
                byte b = piece[at];
                if (escaped) {
                    escaped = false;
                } else if (b == '\\') {
                    escaped = true;
                } else if (b == '"') {
                    text = false;
                    return at + 1;
                }
            }
            return piece.length;
        }

        private void mark(byte b) throws IOException {
            switch (b) {
                case ' ', '\n', '\r', '\t' -> {}
                case '{', '[' -> {
                    before();
                    out.one(b);
                    depth++;
                    opened = true;
                }
                case '}', ']' -> {
                    depth--;
                    if (!opened) {
                        out.line(depth);
                    }
                    opened = false;
                    out.one(b);
                }
                case ',' -> {
                    out.one(b);
                    out.line(depth);
                }
                case ':' -> {
                    out.one(b);
                    out.one((byte) ' ');
                }
                default -> {
                    before();
                    out.one(b);
                    text = b == '"';
                }
            }
        }

        private void before() throws IOException {
            if (opened) {
                opened = false;
                out.line(depth);
            }
        }
    }
}
