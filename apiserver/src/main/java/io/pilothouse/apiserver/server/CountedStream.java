package io.pilothouse.apiserver.server;

import io.pilothouse.http.ResponseStream;
import java.io.IOException;
import java.util.function.Consumer;

/** A stream of which somebody is told what it sends. */
record CountedStream(ResponseStream stream, Consumer<byte[][]> sent) implements ResponseStream {
    @Override
    public void write(byte[]... pieces) throws IOException {
        stream.write(pieces);
        sent.accept(pieces);
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
