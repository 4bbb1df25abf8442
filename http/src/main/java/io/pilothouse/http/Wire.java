package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What an exchange needs of its connection: HTTP/1.1's whole channel or one HTTP/2 stream. */
interface Wire {
    Channel channel();

    /** The whole connection's channel: with HTTP/1.1 the same, with HTTP/2 that of all its streams. */
    default Channel connection() {
        Channel channel = channel();
        return channel.parent() == null || channel.parent() instanceof ServerChannel ? channel : channel.parent();
    }

    Gate gate();

    Lifeline lifeline();

    /** Writes the head, not flushed. {@code end}: no body follows. {@code length} is -1 when unknown. Any thread. */
    void head(int status, Headers headers, long length, boolean end);

    /** A message with content for the channel. */
    Object data(ByteBuf content, boolean last);

    /**
     * Writes content of the answer, which is closed then; {@link #flush} sends it. On the event loop.
     *
     * @param written runs when it has gone out, or cannot any more
     */
    void write(SharedBytes content, Runnable written);

    /**
     * Writes contents of the answer, which stay the caller's, if nothing has to wait for the peer; {@link #flush} must follow before anything else is
     * written to the connection. On the event loop.
     *
     * @return false when nothing was done
     */
    default boolean writeAtOnce(List<SharedBytes> contents) {
        return false;
    }

    /** On the event loop. */
    void flush();

    /**
     * Sends a long row of pieces, and waits until they are on their way.
     *
     * @throws IOException when the peer is gone, or takes nothing for so long
     */
    default void send(Duration stall, byte[]... pieces) throws IOException {
        new Pump(channel(), content -> data(content, false), pieces).await(gate(), stall);
    }

    /** The answer ended. On the event loop, after the last write. */
    void done();

    /** Breaks the answer off. Any thread. */
    void abort();

    /** Leaves HTTP. Blocks. */
    RawConnection upgrade(int status, Headers headers) throws IOException;
}
