package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.Function;

/**
 * Writes byte arrays to a channel with back pressure. Small pieces are gathered in one off-heap buffer, since a TLS record or a system call
 * for each costs more than the copy; large ones are wrapped.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class PieceWriter {
    static final int BATCH = 64 * 1024;
    private static final int LARGE = 16 * 1024;
    private static final int SLICE = 256 * 1024;
    private final Channel channel;
    private final Gate gate;
    private final Duration stall;
    private final Function<ByteBuf, Object> message;

    PieceWriter(Channel channel, Gate gate, Duration stall, Function<ByteBuf, Object> message) {
        this.channel = channel;
        this.gate = gate;
        this.stall = stall;
        this.message = message;
    }

    /** Blocks while the channel is full; all is handed to the channel and flushed on return. */
    void write(byte[]... pieces) throws IOException {
        ByteBuf batch = Unpooled.EMPTY_BUFFER;
        try {
            long left = length(pieces);
            for (byte[] piece : pieces) {
                if (piece.length >= LARGE) {
                    send(batch);
                    batch = Unpooled.EMPTY_BUFFER;
                    for (int at = 0; at < piece.length; at += SLICE) {
                        send(Unpooled.wrappedBuffer(piece, at, Math.min(SLICE, piece.length - at)));
                    }
                } else if (piece.length > 0) {
                    if (batch.writableBytes() < piece.length) {
                        send(batch);
                        batch = Unpooled.EMPTY_BUFFER;
                        batch = channel.alloc().directBuffer((int) Math.min(BATCH, left));
                    }
                    batch.writeBytes(piece);
                }
                left -= piece.length;
            }
            ByteBuf last = batch;
            batch = Unpooled.EMPTY_BUFFER;
            send(last);
        } finally {
            batch.release();
        }
    }

    private void send(ByteBuf content) throws IOException {
        if (!content.isReadable()) {
            content.release();
            return;
        }
        try {
            gate.awaitWritable(channel, stall);
            if (!channel.isActive()) {
                throw new ClosedChannelException();
            }
        } catch (IOException e) {
            content.release();
            throw e;
        }
        channel.writeAndFlush(message.apply(content));
    }

    static long length(byte[]... pieces) {
        long length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        return length;
    }
}
