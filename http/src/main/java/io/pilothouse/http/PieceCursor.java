package io.pilothouse.http;

import io.netty.buffer.ByteBuf;

/** A place in a row of byte arrays. For one thread. */
final class PieceCursor {
    private final byte[][] pieces;
    private int piece;
    private int offset;
    private long left;

    PieceCursor(byte[]... pieces) {
        this.pieces = pieces;
        this.left = PieceWriter.length(pieces);
    }

    /** How many bytes follow. */
    long left() {
        return left;
    }

    /** Copies the next bytes, as many as there are at most. */
    void copy(ByteBuf target, int length) {
        int room = length;
        while (room > 0) {
            byte[] from = pieces[piece];
            int count = Math.min(from.length - offset, room);
            target.writeBytes(from, offset, count);
            room -= count;
            offset += count;
            if (offset == from.length) {
                piece++;
                offset = 0;
            }
        }
        left -= length;
    }
}
