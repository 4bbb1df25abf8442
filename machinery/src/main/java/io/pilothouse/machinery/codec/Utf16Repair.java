package io.pilothouse.machinery.codec;

import java.nio.charset.StandardCharsets;

/** What Go's decoders make of half a character, which JSON and YAML can name by an escape: it becomes U+FFFD. Stateless. */
final class Utf16Repair {
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] REPLACEMENT_DIGITS = "fffd".getBytes(StandardCharsets.US_ASCII);
    /** Backslash, u, four digits. */
    private static final int ESCAPE = 6;

    private Utf16Repair() {}

    /** A JSON text without escapes of half characters; the same array where there are none. The length stays. */
    static byte[] repaired(byte[] json) {
        byte[] out = json;
        int at = 0;
        while (at < json.length - 1) {
            if (json[at] != '\\') {
                at++;
                continue;
            }
            int unit = escaped(json, at);
            if (unit < 0) {
                at += 2;
            } else if (Character.isHighSurrogate((char) unit) && isLow(json, at + ESCAPE)) {
                at += 2 * ESCAPE;
            } else {
                if (Character.isSurrogate((char) unit)) {
                    out = out == json ? json.clone() : out;
                    System.arraycopy(REPLACEMENT_DIGITS, 0, out, at + 2, REPLACEMENT_DIGITS.length);
                }
                at += ESCAPE;
            }
        }
        return out;
    }

    /** A text without half characters. */
    static String repaired(String text) {
        if (text.codePoints().noneMatch(Utf16Repair::isHalf)) {
            return text;
        }
        return text.codePoints()
                .map(point -> isHalf(point) ? REPLACEMENT : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    private static boolean isLow(byte[] json, int at) {
        int unit = escaped(json, at);
        return unit >= 0 && Character.isLowSurrogate((char) unit);
    }

    /** The UTF-16 unit that an escape at a place names; -1 where there is none. */
    private static int escaped(byte[] json, int at) {
        if (at + ESCAPE > json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
