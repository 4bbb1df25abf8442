package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Bytes that many answers send, kept once and off the heap. Whoever made them closes them, and so does whoever retained them, each once; what is on
 * its way by then still arrives.
 */
public final class SharedBytes implements AutoCloseable {
    private final ByteBuf content;
    /** Of its own: once the last has closed them the buffer may be another's. */
    private final int length;

    private SharedBytes(ByteBuf content) {
        this.content = content;
        this.length = content.readableBytes();
    }

    /** The pieces, one after the other; they are copied. */
    public static SharedBytes of(byte[]... pieces) {
        int length = Math.toIntExact(PieceWriter.length(pieces));
        return new SharedBytes(PieceWriter.gathered(ByteBufAllocator.DEFAULT, length, pieces));
    }

    /** How many; also once they are closed. */
    public int length() {
        return length;
    }

    /** For one answer more, which closes them too. */
    void retain() {
        content.retain();
    }

    void copy(int offset, ByteBuf target, int length) {
        target.writeBytes(content, offset, length);
    }

    /** As a buffer, which is released instead of being closed. */
    ByteBuf buffer() {
        return content.duplicate();
    }

    @Override
    public void close() {
        content.release();
    }
}
