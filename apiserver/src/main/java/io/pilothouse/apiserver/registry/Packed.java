package io.pilothouse.apiserver.registry;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes, deflated (RFC 1951). Safe on any thread. */
final class Packed {
    private final byte[] deflated;
    private final int length;

    private Packed(byte[] deflated, int length) {
        this.deflated = deflated;
        this.length = length;
    }

    /** Empty where it would take about as much. */
    static Optional<Packed> of(byte[] plain) {
        byte[] room = new byte[plain.length / 4 * 3];
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED, true)) {
            deflater.setInput(plain);
            deflater.finish();
            int size = deflater.deflate(room);
            return deflater.finished()
                    ? Optional.of(new Packed(Arrays.copyOf(room, size), plain.length))
                    : Optional.empty();
        }
    }

    /** The bytes, made anew each time. */
    byte[] open() {
        byte[] plain = new byte[length];
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(deflated);
            int got = 0;
            while (got < length) {
                int more = inflater.inflate(plain, got, length - got);
                if (more == 0) {
                    throw new IllegalStateException("too few bytes");
                }
                got += more;
            }
            return plain;
        } catch (DataFormatException e) {
            throw new IllegalStateException("not what was deflated", e);
        }
    }
}
