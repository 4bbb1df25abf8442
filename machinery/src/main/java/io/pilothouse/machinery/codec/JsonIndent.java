package io.pilothouse.machinery.codec;

import java.io.ByteArrayOutputStream;

/** Lays out compact JSON for people, the way Go does: two spaces a level, empty containers on one line. Stateless. */
public final class JsonIndent {
    private JsonIndent() {}

    /** Bytes by which an indented text may be longer than three times the compact one: a deep tree would be almost nothing but spaces. */
    private static final int MORE = 16 * 1024 * 1024;

    /**
     * The indented form of a text that is given in pieces; what stands after its end (a line feed) is left out. A text that would grow out of
     * all proportion stays as it is.
     */
    public static byte[] of(byte[]... pieces) {
        long length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        var out = new Writer();
        for (byte[] piece : pieces) {
            for (byte b : piece) {
                out.take(b);
                if (out.bytes.size() > 3 * length + MORE) {
                    return joined(pieces);
                }
            }
        }
        return out.bytes.toByteArray();
    }

    private static byte[] joined(byte[]... pieces) {
        var whole = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            whole.writeBytes(piece);
        }
        return whole.toByteArray();
    }

    /** One pass over the bytes: all that counts is ASCII. */
    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int depth;
        private boolean text;
        private boolean escaped;
        /** Whether a container was opened and nothing stands in it yet. */
        private boolean opened;

        void take(byte b) {
            if (text) {
                bytes.write(b);
                text = escaped || b != '"';
                escaped = !escaped && b == '\\';
                return;
            }
            switch (b) {
                case ' ', '\n', '\r', '\t' -> {}
                case '{', '[' -> {
                    before();
                    bytes.write(b);
                    depth++;
                    opened = true;
                }
                case '}', ']' -> {
                    depth--;
                    if (!opened) {
                        line();
                    }
                    opened = false;
                    bytes.write(b);
                }
                case ',' -> {
                    bytes.write(b);
                    line();
                }
                case ':' -> {
                    bytes.write(b);
                    bytes.write(' ');
                }
                default -> {
                    before();
                    bytes.write(b);
                    text = b == '"';
                }
            }
        }

        private void before() {
            if (opened) {
                opened = false;
                line();
            }
        }

        private void line() {
            bytes.write('\n');
            for (int i = 0; i < depth; i++) {
                bytes.write(' ');
                bytes.write(' ');
            }
        }
    }
}
