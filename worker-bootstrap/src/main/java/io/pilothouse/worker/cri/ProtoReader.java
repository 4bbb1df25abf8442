package io.pilothouse.worker.cri;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A decoded protobuf message; fields that are absent have their defaults. Immutable after construction. */
final class ProtoReader {
    private final Map<Integer, List<Object>> fields = new HashMap<>();

    /** @throws IOException when the bytes are no message */
    ProtoReader(byte[] message) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (in.hasRemaining()) {
                long key = varint(in);
                Object value = switch ((int) key & 7) {
                    case 0 -> varint(in);
                    case 1 -> in.getLong();
                    case 2 -> {
                        byte[] bytes = new byte[Math.toIntExact(varint(in))];
                        in.get(bytes);
                        yield bytes;
                    }
                    case 5 -> (long) in.getInt();
                    default -> throw new IOException("malformed protobuf");
                };
                fields.computeIfAbsent((int) (key >>> 3), f -> new ArrayList<>())
                        .add(value);
            }
        } catch (java.nio.BufferUnderflowException | ArithmeticException | NegativeArraySizeException e) {
            throw new IOException("malformed protobuf", e);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }

    boolean has(int field) {
        return fields.containsKey(field);
    }

    byte[] bytes(int field) {
        return fields.getOrDefault(field, List.of()).reversed().stream()
                .findFirst()
                .map(byte[].class::cast)
                .orElseGet(() -> new byte[0]);
    }

    String text(int field) {
        return new String(bytes(field), StandardCharsets.UTF_8);
    }

    long number(int field) {
        return fields.getOrDefault(field, List.of()).reversed().stream()
                .findFirst()
                .map(Long.class::cast)
                .orElse(0L);
    }

    ProtoReader message(int field) throws IOException {
        return new ProtoReader(bytes(field));
    }

    List<ProtoReader> messages(int field) throws IOException {
        List<ProtoReader> all = new ArrayList<>();
        for (Object value : fields.getOrDefault(field, List.of())) {
            all.add(new ProtoReader((byte[]) value));
        }
        return all;
    }

    List<String> texts(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(v -> new String((byte[]) v, StandardCharsets.UTF_8))
                .toList();
    }

    Map<String, String> map(int field) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        for (ProtoReader entry : messages(field)) {
            all.put(entry.text(1), entry.text(2));
        }
        return all;
    }
}
