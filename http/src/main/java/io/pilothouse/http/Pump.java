package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.Function;

/**
 * Sends the pieces of a long answer on the channel's event loop, a buffer at a time, as the peer takes them. The thread whose answer it is wakes
 * once, at the end: to wake it for every buffer costs more than to send that.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Pump implements Runnable {
    private static final int BUFFER = 64 * 1024;
    private static final int BUFFERS_AT_ONCE = 16;
    private final Channel channel;
    private final Function<ByteBuf, Object> message;
    private final PieceCursor pieces;
    private final Progress progress = new Progress();
    private boolean running;
    private volatile boolean given;

    /** @param pieces not to be changed until {@link #await} has returned */
    Pump(Channel channel, Function<ByteBuf, Object> message, byte[]... pieces) {
        this.channel = channel;
        this.message = message;
        this.pieces = new PieceCursor(pieces);
    }

    /**
     * Begins, and waits until all was handed to the channel.
     *
     * @param gate tells of the channel's changes
     * @throws IOException when the peer is gone or takes nothing for so long; what was not sent by then is not sent
     */
    void await(Gate gate, Duration stall) throws IOException {
        gate.follow(this);
        channel.eventLoop().execute(this);
        try {
            progress.await(stall);
        } finally {
            given = true;
            gate.follow(() -> {});
        }
    }

    /** On the event loop, at the beginning and whenever the channel has changed. */
    @Override
    public void run() {
        if (running || progress.ended() || given) {
            return;
        }
        running = true; // a write or a flush may call back
        try {
            // What was flushed may have gone out by now: nobody tells of that later.
            for (int i = 0;
                    i < BUFFERS_AT_ONCE && pieces.left() > 0 && channel.isActive() && channel.isWritable();
                    i++) {
                int size = (int) Math.min(BUFFER, pieces.left());
                ByteBuf buffer = channel.alloc().directBuffer(size, size);
                pieces.copy(buffer, size);
                progress.moved();
                channel.writeAndFlush(message.apply(buffer));
            }
            if (pieces.left() == 0 || !channel.isActive()) {
                progress.end(pieces.left() == 0 ? null : new ClosedChannelException());
            } else if (channel.isWritable()) {
                channel.eventLoop().execute(this); // after the other channels
            }
        } catch (RuntimeException e) {
            progress.end(new IOException("an answer could not be sent", e));
        } finally {
            running = false;
        }
    }
}
