package io.pilothouse.apiserver.endpoint;

import io.pilothouse.http.Broadcast;
import io.pilothouse.http.ResponseStream;
import io.pilothouse.http.SharedBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what it is given to send, and writes it when it is told to. */
final class RecordingStream implements ResponseStream {
    final List<List<SharedBytes>> sent = new ArrayList<>();
    boolean aborted;
    boolean closed;
    private @Nullable Runnable then;

    /** What was sent last is written, and there is room for more. */
    void written() {
        var action = then;
        then = null;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public void send(Broadcast broadcast, List<SharedBytes> bytes, @Nullable Runnable then) {
        sent.add(bytes);
        if (then != null) {
            this.then = then;
        }
    }

    @Override
    public void write(byte[]... pieces) {
        throw new UnsupportedOperationException("nobody waits for a client here");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public boolean isClosed() {
        return aborted || closed;
    }

    @Override
    public void onClose(Runnable action) {}

    @Override
    public void onDrain(Runnable action) {}
}
