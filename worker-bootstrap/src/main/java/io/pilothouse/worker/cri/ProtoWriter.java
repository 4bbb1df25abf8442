package io.pilothouse.worker.cri;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Encodes a protobuf message field by field; like proto3, leaves out what has its default. One thread. */
final class ProtoWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoWriter text(int field, String value) {
        return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoWriter texts(int field, List<String> values) {
        values.forEach(v -> bytes(field, v.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    ProtoWriter number(int field, long value) {
        if (value != 0) {
            varint((long) field << 3);
            varint(value);
        }
        return this;
    }

    ProtoWriter numbers(int field, List<Long> values) {
        if (!values.isEmpty()) {
            ProtoWriter packed = new ProtoWriter();
            values.forEach(packed::varint);
            bytes(field, packed.bytes());
        }
        return this;
    }

    ProtoWriter flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    ProtoWriter message(int field, ProtoWriter value) {
        return bytes(field, value.bytes());
    }

    ProtoWriter map(int field, Map<String, String> values) {
        values.forEach((k, v) -> message(field, new ProtoWriter().text(1, k).text(2, v)));
        return this;
    }

    private ProtoWriter bytes(int field, byte[] value) {
        varint(((long) field << 3) | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
