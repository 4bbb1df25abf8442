package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;

/** What an exchange needs of its connection: HTTP/1.1's whole channel or one HTTP/2 stream. */
interface Wire {
    Channel channel();

    Gate gate();

    Lifeline lifeline();

    /** Writes the head, not flushed. {@code end}: no body follows. {@code length} is -1 when unknown. Any thread. */
    void head(int status, Headers headers, long length, boolean end);

    /** A message with content for the channel. */
    Object data(ByteBuf content, boolean last);

    /** The answer ended. On the event loop, after the last write. */
    void done();

    /** Breaks the answer off. Any thread. */
    void abort();

    /** Leaves HTTP. Blocks. */
    RawConnection upgrade(int status, Headers headers) throws IOException;
}
