package io.pilothouse.http.streams;

import io.pilothouse.http.websocket.WebSocketConnection;
import io.pilothouse.http.websocket.WebSocketMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Numbered channels in WebSocket messages: the first byte is the number, in the base64 protocols a digit before encoded text. */
final class WebSocketChannels {
    static final String BASE64 = "base64.channel.k8s.io";
    static final int MAX_MESSAGE = 1 << 20;
    private static final int MAX_WRITE = 32 * 1024;
    private final WebSocketConnection socket;
    private final boolean base64;

    /** What came on a channel. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(int channel, byte[] data) {}

    WebSocketChannels(WebSocketConnection socket) {
        this.socket = socket;
        this.base64 = socket.subprotocol().endsWith(BASE64);
    }

    /** The next message; empty at the end. Malformed ones are an IOException. */
    Optional<Message> receive() throws IOException {
        while (true) {
            byte[] bytes = switch (socket.receive()) {
                case WebSocketMessage.Binary binary -> binary.data();
                case WebSocketMessage.Text text -> decode(text.text());
                case WebSocketMessage.Close close -> null;
            };
            if (bytes == null) {
                return Optional.empty();
            }
            if (bytes.length > 0) {
                return Optional.of(new Message(bytes[0] & 0xff, Arrays.copyOfRange(bytes, 1, bytes.length)));
            }
        }
    }

    private byte[] decode(String text) throws IOException {
        if (!base64 || text.isEmpty()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            byte[] payload = Base64.getDecoder().decode(text.substring(1));
            byte[] message = new byte[payload.length + 1];
            message[0] = (byte) (text.charAt(0) - '0');
            System.arraycopy(payload, 0, message, 1, payload.length);
            return message;
        } catch (IllegalArgumentException e) {
            throw new IOException("malformed base64 in a channel message", e);
        }
    }

    void send(int channel, byte[] bytes, int from, int length) throws IOException {
        if (base64) {
            byte[] part = Arrays.copyOfRange(bytes, from, from + length);
            socket.sendText(channel + Base64.getEncoder().encodeToString(part));
            return;
        }
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, from, message, 1, length);
        socket.sendBinary(message, 0, message.length);
    }

    /** Closing it means nothing on the wire: channels have no end of their own. */
    OutputStream output(int channel) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                for (int at = 0; at < length; at += MAX_WRITE) {
                    send(channel, bytes, from + at, Math.min(MAX_WRITE, length - at));
                }
            }
        };
    }
}
