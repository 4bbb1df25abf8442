package io.pilothouse.machinery.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Protobuf's wire format, read with every bound checked. */
final class WireReader {
    private final byte[] bytes;
    private int at;

    WireReader(byte[] bytes, int start) {
        this.bytes = bytes;
        at = start;
    }

    int position() {
        return at;
    }

    int tag() {
        long tag = varint();
        if (tag <= 7 || tag > Integer.MAX_VALUE) {
            throw broken("illegal tag " + tag);
        }
        return (int) tag;
    }

    long varint(int wireType) {
        expect(wireType, 0);
        return varint();
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= bytes.length) {
                throw new DecodeException("unexpected EOF");
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw broken("integer overflow");
    }

    long fixed64(int wireType) {
        expect(wireType, 1);
        need(8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        at += 8;
        return value;
    }

    /** Reads the length of a delimited field and answers where it ends. */
    int end(int wireType) {
        expect(wireType, 2);
        long length = varint();
        if (length < 0 || length > bytes.length - at) {
            throw new DecodeException("unexpected EOF");
        }
        return at + (int) length;
    }

    String string(int wireType) {
        int end = end(wireType);
        String text = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        at = end;
        return text;
    }

    byte[] bytes(int wireType) {
        int end = end(wireType);
        byte[] copy = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return copy;
    }

    void skip(int wireType) {
        switch (wireType) {
            case 0 -> varint();
            case 1 -> advance(8);
            case 2 -> at = end(2);
            case 5 -> advance(4);
            default -> throw broken("illegal wireType " + wireType);
        }
    }

    private void advance(int count) {
        need(count);
        at += count;
    }

    private void need(int count) {
        if (bytes.length - at < count) {
            throw new DecodeException("unexpected EOF");
        }
    }

    private static void expect(int wireType, int wanted) {
        if (wireType != wanted) {
            throw broken("wrong wireType = " + wireType);
        }
    }

    private static DecodeException broken(String why) {
        return new DecodeException("proto: " + why);
    }
}
