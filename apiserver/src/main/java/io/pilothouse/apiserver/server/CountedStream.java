package io.pilothouse.apiserver.server;

import io.pilothouse.http.Broadcast;
import io.pilothouse.http.ResponseStream;
import io.pilothouse.http.SharedBytes;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A stream of which somebody is told how many bytes it sends. */
record CountedStream(ResponseStream stream, LongConsumer sent) implements ResponseStream {
    @Override
    public void write(byte[]... pieces) throws IOException {
        stream.write(pieces);
        long length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        sent.accept(length);
    }

    @Override
    public void send(Broadcast broadcast, List<SharedBytes> bytes, @Nullable Runnable then) {
        stream.send(broadcast, bytes, then);
        long length = 0;
        for (SharedBytes some : bytes) {
            length += some.length();
        }
        sent.accept(length);
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public void abort() {
        stream.abort();
    }

    @Override
    public boolean isClosed() {
        return stream.isClosed();
    }

    @Override
    public void onClose(Runnable action) {
        stream.onClose(action);
    }

    @Override
    public void onDrain(Runnable action) {
        stream.onDrain(action);
    }
}
