package io.pilothouse.http;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer in the making. One writer at a time; {@link #isClosed} and the callbacks from any thread. */
public interface ResponseStream extends AutoCloseable {
    /**
     * Sends the pieces, in order, and flushes. Blocks while the peer does not take them. Large pieces are not copied: leave them unchanged.
     *
     * @throws IOException when the peer is gone, or takes nothing for the configured stall timeout
     */
    void write(byte[]... pieces) throws IOException;

    /**
     * Adds bytes to a broadcast, after what was written or sent to this stream before. It does not wait for the peer: a writer that sends much
     * waits for {@code then}.
     *
     * @param then runs on the event loop, where it must neither block nor write, after the bytes were written and as soon as the peer takes more; also
     *     when the peer is gone. Where there is none, an earlier one still waits
     */
    void send(Broadcast broadcast, List<SharedBytes> bytes, @Nullable Runnable then);

    /** Pushes out what was written; {@link #write} does so by itself, before the first write this sends the head. */
    void flush() throws IOException;

    /** Ends the answer in order. Does nothing the second time. */
    @Override
    void close();

    /** Breaks the answer off so that the peer notices that it is incomplete. */
    void abort();

    /** Whether nothing more can be written: ended, aborted or the peer is gone. */
    boolean isClosed();

    /** Runs the action, on a thread of its own, when the peer goes away; at once if it has. */
    void onClose(Runnable action);

    /** Runs the action, on a thread of its own, when the server begins to drain: a long-lived stream should end soon. */
    void onDrain(Runnable action);
}
