package io.pilothouse.http;

import java.io.IOException;

/** An answer in the making. One writer at a time; {@link #isClosed} and the callbacks from any thread. */
public interface ResponseStream extends AutoCloseable {
    /**
     * Sends the pieces, in order, and flushes. Blocks while the peer does not take them. Large pieces are not copied: leave them unchanged.
     *
     * @throws IOException when the peer is gone, or takes nothing for the configured stall timeout
     */
    void write(byte[]... pieces) throws IOException;

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
