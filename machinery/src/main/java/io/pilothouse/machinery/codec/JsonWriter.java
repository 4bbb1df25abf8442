package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.gotext.GoText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Writes trees compactly and in UTF-8 into one buffer that grows. One thread, one use. */
final class JsonWriter {
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** The most bytes that a character can take: an escape of six, or four for the two halves of one. */
    private static final int MOST = 6;

    /** The longest array that there can be. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    JsonWriter(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    void value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> array(node);
            case STRING -> string(node.textValue());
            case BOOLEAN -> ascii(node.booleanValue() ? "true" : "false");
            case NUMBER ->
                ascii(node.isFloatingPointNumber() ? GoText.json(node.doubleValue()) : Long.toString(node.longValue()));
            case BINARY -> string(Base64.getEncoder().encodeToString(binary(node)));
            case NULL, MISSING -> ascii("null");
            case POJO -> throw new IllegalArgumentException("not a JSON tree");
        }
    }

    private static byte[] binary(JsonNode node) {
        try {
            return node.binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void object(JsonNode node) {
        char before = '{';
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            one(before);
            string(entry.getKey());
            one(':');
            value(entry.getValue());
            before = ',';
        }
        if (before == '{') {
            one('{');
        }
        one('}');
    }

    private void array(JsonNode node) {
        one('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                one(',');
            }
            value(node.get(i));
        }
        one(']');
    }

    private void reserve(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(
                    bytes, (int) Math.max(Math.addExact(size, count), Math.min(2L * bytes.length, LONGEST)));
        }
    }

    private void one(char character) {
        reserve(1);
        bytes[size++] = (byte) character;
    }

    private void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    private void string(String text) {
        int length = text.length();
        reserve(length + 2);
        byte[] out = bytes;
        int at = size;
        out[at++] = '"';
        int i = 0;
        while (i < length && isPlain(text.charAt(i))) {
            out[at++] = (byte) text.charAt(i++);
        }
        size = at;
        if (i < length) {
            rest(text, i);
        }
        one('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
    }

    /** What of a text follows its first character that is not written as it is. */
    private void rest(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            reserve(MOST);
            if (isPlain(c)) {
                bytes[size++] = (byte) c;
            } else if (c < 0x80) {
                escape(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                utf8(Character.toCodePoint(c, text.charAt(i)));
            } else {
                utf8(Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
    }

    private void escape(char c) {
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\b' -> bytes[size++] = 'b';
            case '\t' -> bytes[size++] = 't';
            case '\n' -> bytes[size++] = 'n';
            case '\f' -> bytes[size++] = 'f';
            case '\r' -> bytes[size++] = 'r';
            default -> {
                ascii("u00");
                bytes[size++] = HEX[c >> 4];
                bytes[size++] = HEX[c & 0xf];
            }
        }
    }

    private void utf8(int point) {
        if (point < 0x800) {
            bytes[size++] = (byte) (0xc0 | (point >> 6));
        } else {
            if (point < 0x10000) {
                bytes[size++] = (byte) (0xe0 | (point >> 12));
            } else {
                bytes[size++] = (byte) (0xf0 | (point >> 18));
                more(point >> 12);
            }
            more(point >> 6);
        }
        more(point);
    }

    private void more(int bits) {
        bytes[size++] = (byte) (0x80 | (bits & 0x3f));
    }
}
