package io.pilothouse.http.websocket;

import io.pilothouse.http.RawConnection;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An open WebSocket (RFC 6455), either side. One receiver at a time; sending and closing from any thread. Pings are answered while somebody
 * receives.
 */
public final class WebSocketConnection implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private final RawConnection raw;
    private final boolean client;
    private final String subprotocol;
    private final int maxMessageBytes;
    private final DataInputStream in;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock sending = new ReentrantLock();
    private boolean closeSent;

    private WebSocketConnection(RawConnection raw, boolean client, String subprotocol, int maxMessageBytes) {
        this.raw = raw;
        this.client = client;
        this.subprotocol = subprotocol;
        this.maxMessageBytes = maxMessageBytes;
        this.in = new DataInputStream(new BufferedInputStream(raw.input(), 16 * 1024));
    }

    /** The server's side, after the handshake. */
    public static WebSocketConnection server(RawConnection raw, String subprotocol, int maxMessageBytes) {
        return new WebSocketConnection(raw, false, subprotocol, maxMessageBytes);
    }

    /** The client's side, after the handshake. */
    public static WebSocketConnection client(RawConnection raw, String subprotocol, int maxMessageBytes) {
        return new WebSocketConnection(raw, true, subprotocol, maxMessageBytes);
    }

    /** What a server answers to a client's {@code Sec-WebSocket-Key}. */
    public static String acceptKey(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was agreed on; empty for none. */
    public String subprotocol() {
        return subprotocol;
    }

    /** Sends one binary message. */
    public void sendBinary(byte[] data, int from, int length) throws IOException {
        send(BINARY, data, from, length);
    }

    /** Sends one text message. */
    public void sendText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(TEXT, bytes, 0, bytes.length);
    }

    /** Asks for a sign of life. */
    public void sendPing() throws IOException {
        send(PING, new byte[0], 0, 0);
    }

    @SuppressWarnings("ByteBufferBackingArray") // allocated here
    private void send(int opcode, byte[] data, int from, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length + 14);
        frame.put((byte) (0x80 | opcode));
        int mask = client ? 0x80 : 0;
        if (length < 126) {
            frame.put((byte) (mask | length));
        } else if (length < 65536) {
            frame.put((byte) (mask | 126)).putShort((short) length);
        } else {
            frame.put((byte) (mask | 127)).putLong(length);
        }
        if (client) {
            byte[] key = new byte[4];
            random.nextBytes(key);
            frame.put(key);
            for (int i = 0; i < length; i++) {
                frame.put((byte) (data[from + i] ^ key[i & 3]));
            }
        } else {
            frame.put(data, from, length);
        }
        sending.lock();
        try {
            if (closeSent) {
                throw new IOException("WebSocket is closed");
            }
            closeSent = opcode == CLOSE;
            raw.output().write(frame.array(), 0, frame.position());
            raw.output().flush();
        } finally {
            sending.unlock();
        }
    }

    /**
     * The next message, put together from its fragments. After a {@link WebSocketMessage.Close} there is none: it is given again.
     *
     * @throws IOException when the peer breaks the protocol or sends too much; the connection is closed then
     */
    public WebSocketMessage receive() throws IOException {
        try {
            return receiveMessage();
        } catch (java.io.EOFException | java.nio.channels.ClosedChannelException e) {
            return new WebSocketMessage.Close(1006, "");
        }
    }

    private WebSocketMessage receiveMessage() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int kind = 0;
        while (true) {
            int first = in.readUnsignedByte();
            int opcode = first & 0x0f;
            boolean last = (first & 0x80) != 0;
            if ((first & 0x70) != 0) {
                throw broken(1002, "reserved bits are set");
            }
            byte[] payload = payload(opcode, last, message.size());
            switch (opcode) {
                case 0, TEXT, BINARY -> {
                    if ((opcode == 0) == (kind == 0)) {
                        throw broken(1002, "fragments out of order");
                    }
                    kind = opcode == 0 ? kind : opcode;
                    message.writeBytes(payload);
                    if (last) {
                        return kind == TEXT
                                ? new WebSocketMessage.Text(message.toString(StandardCharsets.UTF_8))
                                : new WebSocketMessage.Binary(message.toByteArray());
                    }
                }
                case CLOSE -> {
                    return closeReceived(payload);
                }
                case PING -> send(PONG, payload, 0, payload.length);
                case PONG -> {}
                default -> throw broken(1002, "unknown opcode " + opcode);
            }
        }
    }

    private byte[] payload(int opcode, boolean last, int already) throws IOException {
        int second = in.readUnsignedByte();
        boolean masked = (second & 0x80) != 0;
        if (masked == client) {
            throw broken(1002, "frame is " + (masked ? "" : "not ") + "masked");
        }
        long length = second & 0x7f;
        if (opcode >= CLOSE && (length > 125 || !last)) {
            throw broken(1002, "control frame is too long or fragmented");
        }
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || length + already > maxMessageBytes) {
            throw broken(1009, "message is longer than " + maxMessageBytes + " bytes");
        }
        byte[] key = new byte[4];
        if (masked) {
            in.readFully(key);
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        if (masked) {
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= key[i & 3];
            }
        }
        return payload;
    }

    private WebSocketMessage closeReceived(byte[] payload) {
        int code = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        String reason = payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        close(code == 1005 ? 1000 : code, "");
        return new WebSocketMessage.Close(code, reason);
    }

    private IOException broken(int code, String reason) {
        close(code, reason);
        return new IOException("WebSocket: " + reason);
    }

    /**
     * Sends a close frame and leaves the connection open, so that the peer can take all that is under way and close it: {@link #receive} sees
     * that. The reason is cut at 120 bytes.
     */
    public void sendClose(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = Arrays.copyOf(new byte[] {(byte) (code >> 8), (byte) code}, 2 + Math.min(120, text.length));
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        send(CLOSE, payload, 0, payload.length);
    }

    /** Sends a close frame, if none was, and closes the connection. */
    public void close(int code, String reason) {
        try {
            sendClose(code, reason);
        } catch (IOException e) {
            // It is closed, or the peer is gone: in both cases there is nobody to tell.
        }
        raw.close();
    }

    /** Closes normally (1000). */
    @Override
    public void close() {
        close(1000, "");
    }

    /** The bytes in binary messages as one stream, as in SPDY tunnelled through WebSocket. Uses up this connection. */
    public RawConnection asStream() {
        return new WebSocketStream(this, raw);
    }
}
