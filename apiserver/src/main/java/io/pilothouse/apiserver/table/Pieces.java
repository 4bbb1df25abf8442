package io.pilothouse.apiserver.table;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes that are gathered in pieces of one size, so that a large table needs no large array. For one thread. */
final class Pieces extends OutputStream {
    private static final int SIZE = 128 * 1024;
    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = new byte[SIZE];
    private int used;

    @Override
    public void write(int value) {
        if (used == SIZE) {
            next();
        }
        last[used++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length) {
            if (used == SIZE) {
                next();
            }
            int part = Math.min(SIZE - used, length - done);
            System.arraycopy(bytes, from + done, last, used, part);
            used += part;
            done += part;
        }
    }

    private void next() {
        full.add(last);
        last = new byte[SIZE];
        used = 0;
    }

    /** All that was written; nothing may be written after. */
    byte[][] toArrays() {
        full.add(Arrays.copyOf(last, used));
        return full.toArray(byte[][]::new);
    }
}
