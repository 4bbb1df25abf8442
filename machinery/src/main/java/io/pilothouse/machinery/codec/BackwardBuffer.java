package io.pilothouse.machinery.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffer for protobuf that is filled from its end, so that a message's length is known when it is written. One thread, one use. */
public final class BackwardBuffer {
    private byte[] bytes;
    private int start;

    public BackwardBuffer(int capacity) {
        bytes = new byte[capacity];
        start = capacity;
    }

    /** Bytes written so far. */
    public int size() {
        return bytes.length - start;
    }

    private void reserve(int count) {
        if (start >= count) {
            return;
        }
        int used = size();
        int capacity = Math.max(bytes.length * 2, used + count);
        byte[] grown = new byte[capacity];
        System.arraycopy(bytes, start, grown, capacity - used, used);
        bytes = grown;
        start = capacity - used;
    }

    public void put(byte[] value) {
        reserve(value.length);
        start -= value.length;
        System.arraycopy(value, 0, bytes, start, value.length);
    }

    public void varint(long value) {
        int size = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        reserve(size);
        start -= size;
        long rest = value;
        for (int i = start; i < start + size - 1; i++) {
            bytes[i] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[start + size - 1] = (byte) rest;
    }

    public void fixed64(long value) {
        reserve(8);
        start -= 8;
        for (int i = 0; i < 8; i++) {
            bytes[start + i] = (byte) (value >>> (8 * i));
        }
    }

    public void tag(int number, int wireType) {
        varint(((long) number << 3) | wireType);
    }

    /** The head of a length-delimited field whose content was written since the buffer had the given size. */
    public void head(int number, int sizeBefore) {
        varint(size() - sizeBefore);
        tag(number, 2);
    }

    public void bytesField(int number, byte[] value) {
        put(value);
        varint(value.length);
        tag(number, 2);
    }

    public void stringField(int number, String value) {
        bytesField(number, value.getBytes(StandardCharsets.UTF_8));
    }

    public void varintField(int number, long value) {
        varint(value);
        tag(number, 0);
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }
}
