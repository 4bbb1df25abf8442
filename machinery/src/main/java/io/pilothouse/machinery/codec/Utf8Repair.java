package io.pilothouse.machinery.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What Go's decoders make of text that is not UTF-8: each byte that does not fit becomes U+FFFD. Stateless. */
final class Utf8Repair {
    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private Utf8Repair() {}

    static boolean isValid(byte[] bytes) {
        return fits(bytes, 0, bytes.length);
    }

    static byte[] repaired(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length + 16);
        int at = 0;
        while (at < bytes.length) {
            int length = lengthOf(bytes[at]);
            if (length > 0 && at + length <= bytes.length && (length == 1 || fits(bytes, at, length))) {
                out.write(bytes, at, length);
                at += length;
            } else {
                out.writeBytes(REPLACEMENT);
                at++;
            }
        }
        return out.toByteArray();
    }

    /** How long a sequence is that begins so; 0 where none does. */
    private static int lengthOf(byte first) {
        int b = first & 0xff;
        if (b < 0x80) {
            return 1;
        }
        return b < 0xc2 ? 0 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : b < 0xf5 ? 4 : 0;
    }

    private static boolean fits(byte[] bytes, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
