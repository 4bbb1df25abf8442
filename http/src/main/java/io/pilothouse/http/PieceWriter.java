package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.Function;

/**
 * Writes byte arrays to a channel with back pressure. They are gathered in off-heap buffers, since a TLS record or a system call for each costs
 * more than the copy.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class PieceWriter {
    static final int BATCH = 64 * 1024;
    private final Channel channel;
    private final Gate gate;
    private final Duration stall;
    private final Function<ByteBuf, Object> message;
    private final Large large;

    /** Sends what is too much for one buffer. */
    @FunctionalInterface
    private interface Large {
        void send(Duration stall, byte[]... pieces) throws IOException;
    }

    private PieceWriter(Channel channel, Gate gate, Duration stall, Function<ByteBuf, Object> message, Large large) {
        this.channel = channel;
        this.gate = gate;
        this.stall = stall;
        this.message = message;
        this.large = large;
    }

    /** Of an answer's body. */
    static PieceWriter of(Wire wire, Duration stall) {
        return new PieceWriter(wire.channel(), wire.gate(), stall, content -> wire.data(content, false), wire::send);
    }

    /** Of a channel that carries bytes as they are. */
    static PieceWriter of(Channel channel, Gate gate, Duration stall) {
        return new PieceWriter(
                channel,
                gate,
                stall,
                content -> content,
                (patience, pieces) -> new Pump(channel, content -> content, pieces).await(gate, patience));
    }

    /** Blocks while the channel is full; all is handed to the channel and flushed on return. */
    void write(byte[]... pieces) throws IOException {
        long length = length(pieces);
        if (length > BATCH) {
            large.send(stall, pieces);
        } else if (length > 0) {
            send(gathered(channel.alloc(), (int) length, pieces));
        }
    }

    static ByteBuf gathered(ByteBufAllocator allocator, int length, byte[]... pieces) {
        ByteBuf content = allocator.directBuffer(length, length);
        for (byte[] piece : pieces) {
            content.writeBytes(piece);
        }
        return content;
    }

    private void send(ByteBuf content) throws IOException {
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
