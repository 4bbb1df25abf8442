package io.pilothouse.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A raw connection on a blocking socket. */
public final class SocketConnection implements RawConnection {
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;

    /** @param input reads the socket, and may hold bytes already */
    public SocketConnection(Socket socket, InputStream input) throws IOException {
        this.socket = socket;
        this.input = input;
        this.output = socket.getOutputStream();
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
        return !socket.isClosed();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that fails to close is closed.
        }
    }
}
