package io.pilothouse.apiserver.encryption;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A protobuf message of bytes, texts and small numbers: all that the key service protocol has. */
final class ProtoFields {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final Map<Integer, List<byte[]>> chunks = new HashMap<>();
    private final Map<Integer, Long> numbers = new HashMap<>();

    private ProtoFields() {}

    /** @throws GeneralSecurityException if it is no message */
    static ProtoFields read(byte[] message) throws GeneralSecurityException {
        var fields = new ProtoFields();
        var cursor = new Cursor(message);
        while (cursor.at < message.length) {
            long tag = cursor.varint();
            int number = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case VARINT -> fields.numbers.put(number, cursor.varint());
                case FIXED64 -> cursor.take(8);
                case BYTES -> {
                    long length = cursor.varint();
                    fields.chunks
                            .computeIfAbsent(number, n -> new ArrayList<>())
                            .add(cursor.take(length));
                }
                case FIXED32 -> cursor.take(4);
                default -> throw new GeneralSecurityException("malformed protobuf");
            }
        }
        return fields;
    }

    private static final class Cursor {
        private final byte[] message;
        private int at;

        private Cursor(byte[] message) {
            this.message = message;
        }

        private long varint() throws GeneralSecurityException {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at >= message.length) {
                    throw new GeneralSecurityException("malformed protobuf");
                }
                byte b = message[at++];
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new GeneralSecurityException("malformed protobuf");
        }

        private byte[] take(long length) throws GeneralSecurityException {
            if (length < 0 || length > message.length - at) {
                throw new GeneralSecurityException("malformed protobuf");
            }
            at += (int) length;
            return Bytes.slice(message, at - (int) length, at);
        }
    }

    List<byte[]> all(int number) {
        return chunks.getOrDefault(number, List.of());
    }

    byte[] bytes(int number) {
        var all = all(number);
        return all.isEmpty() ? new byte[0] : all.getLast();
    }

    String text(int number) {
        return new String(bytes(number), StandardCharsets.UTF_8);
    }

    long number(int number) {
        return numbers.getOrDefault(number, 0L);
    }

    /** Writes a field; an empty one is left out. */
    static void bytes(ByteArrayOutputStream out, int number, byte[] value) {
        if (value.length > 0) {
            varint(out, ((long) number << 3) | BYTES);
            varint(out, value.length);
            out.writeBytes(value);
        }
    }

    static void number(ByteArrayOutputStream out, int number, long value) {
        varint(out, ((long) number << 3) | VARINT);
        varint(out, value);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
