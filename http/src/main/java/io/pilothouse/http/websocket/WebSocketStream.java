package io.pilothouse.http.websocket;

import io.pilothouse.http.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A byte stream in the binary messages of a WebSocket; message boundaries mean nothing. */
final class WebSocketStream implements RawConnection {
    private final WebSocketConnection socket;
    private final RawConnection raw;
    private final InputStream input = new Input();
    private final OutputStream output = new OutputStream() {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            socket.sendBinary(bytes, from, length);
        }
    };

    WebSocketStream(WebSocketConnection socket, RawConnection raw) {
        this.socket = socket;
        this.raw = raw;
    }

    private final class Input extends InputStream {
        private byte[] chunk = new byte[0];
        private int at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (length == 0) {
                return 0; // readNBytes asks so, and must not wait
            }
            while (at == chunk.length) {
                switch (socket.receive()) {
                    case WebSocketMessage.Binary binary -> {
                        chunk = binary.data();
                        at = 0;
                    }
                    case WebSocketMessage.Text text -> throw new IOException("text message in a tunnel");
                    case WebSocketMessage.Close close -> {
                        return -1;
                    }
                }
            }
            int count = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, target, from, count);
            at += count;
            return count;
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public boolean isOpen() {
        return raw.isOpen();
    }

    @Override
    public void shutdownOutput() {
        // A WebSocket has no half close; what runs in the tunnel has its own.
    }

    @Override
    public void close() {
        socket.close();
    }
}
