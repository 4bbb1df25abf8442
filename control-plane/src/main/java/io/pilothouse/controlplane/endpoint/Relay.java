package io.pilothouse.controlplane.endpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;

/**
 * Carries bytes between a client and a master until both have said all. The end of one direction is passed on as such, and the other goes
 * on; an error ends both.
 */
final class Relay {
    private static final int BUFFER_BYTES = 32 * 1024;

    private Relay() {}

    /** Returns when the connection is over; both channels are closed then. */
    static void run(SocketChannel client, SocketChannel upstream) {
        try (client;
                upstream) {
            Thread back = Thread.ofVirtual().name("relay-back").start(() -> copy(upstream, client));
            copy(client, upstream);
            back.join();
        } catch (IOException e) {
            // A failure to close: nothing is left to be done.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            quietly(from);
            quietly(to);
        }
    }

    static void quietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is as good as closed.
        }
    }
}
