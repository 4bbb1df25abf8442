package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the pieces of a long answer on the channel's event loop, a buffer at a time, as the peer takes them. The thread whose answer it is wakes
 * once, at the end: to wake it for every buffer costs more than to send that.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Pump implements Runnable {
    private static final int BUFFER = 64 * 1024;
    private final Channel channel;
    private final Function<ByteBuf, Object> message;
    private final byte[][] pieces;
    private final Thread writer = Thread.currentThread();
    // The event loop's.
    private int piece;
    private int offset;
    private long left;
    private boolean running;
    // Written by the event loop, read by the writer.
    private volatile long movedNanos = System.nanoTime();
    private volatile boolean ended;
    private volatile @Nullable IOException failure;
    // The other way.
    private volatile boolean given;

    /** @param pieces not to be changed until {@link #await} has returned */
    Pump(Channel channel, Function<ByteBuf, Object> message, byte[]... pieces) {
        this.channel = channel;
        this.message = message;
        this.pieces = pieces;
        this.left = PieceWriter.length(pieces);
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
            while (!ended) {
                long patience = movedNanos + stall.toNanos() - System.nanoTime();
                if (patience <= 0) {
                    throw new BodyTimeoutException("the peer took nothing for " + stall);
                }
                LockSupport.parkNanos(this, patience);
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while writing");
                }
            }
        } finally {
            given = true;
            gate.follow(() -> {});
        }
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** On the event loop, at the beginning and whenever the channel has changed. */
    @Override
    public void run() {
        if (running || ended || given) {
            return;
        }
        running = true; // a write may call back
        try {
            boolean wrote = false;
            while (left > 0 && channel.isActive() && channel.isWritable()) {
                channel.write(message.apply(next()));
                wrote = true;
            }
            if (wrote) {
                movedNanos = System.nanoTime();
                channel.flush();
            }
            if (left == 0 || !channel.isActive()) {
                end(left == 0 ? null : new ClosedChannelException());
            }
        } catch (RuntimeException e) {
            end(new IOException("an answer could not be sent", e));
        } finally {
            running = false;
        }
    }

    private void end(@Nullable IOException why) {
        failure = why;
        ended = true;
        LockSupport.unpark(writer);
    }

    private ByteBuf next() {
        int size = (int) Math.min(BUFFER, left);
        ByteBuf buffer = channel.alloc().directBuffer(size, size);
        int room = size;
        while (room > 0) {
            byte[] from = pieces[piece];
            int count = Math.min(from.length - offset, room);
            buffer.writeBytes(from, offset, count);
            room -= count;
            offset += count;
            if (offset == from.length) {
                piece++;
                offset = 0;
            }
        }
        left -= size;
        return buffer;
    }
}
