package io.pilothouse.http.streams;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.websocket.WebSocketConnection;
import io.pilothouse.http.websocket.WebSocketMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Channels in WebSocket messages: the first byte (a digit in the base64 protocols) is the channel. */
final class WebSocketCommandServer implements CommandServer {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;
    private static final int MAX_MESSAGE = 1 << 20;
    private static final int MAX_WRITE = 32 * 1024;
    private static final long FINISH_SECONDS = 900;
    private static final String BASE64 = "base64.channel.k8s.io";
    private final WebSocketConnection socket;
    private final int version;
    private final boolean base64;
    private final CommandOptions options;
    private final BytePipe stdin = new BytePipe();
    private final BytePipe resize = new BytePipe();
    private final CountDownLatch gone = new CountDownLatch(1);

    private WebSocketCommandServer(WebSocketConnection socket, CommandOptions options) {
        this.socket = socket;
        this.options = options;
        String protocol = socket.subprotocol();
        this.base64 = protocol.endsWith(BASE64);
        this.version = protocol.startsWith("v") ? protocol.charAt(1) - '0' : 1;
    }

    static CommandServer open(Exchange exchange, CommandOptions options) throws IOException {
        List<String> offered = exchange.headers().tokens("sec-websocket-protocol");
        List<String> known = offered.stream()
                .filter(name -> CommandServer.versionOf(name) > 0 || name.equals(BASE64) || name.equals("v4." + BASE64))
                .toList();
        if (!offered.isEmpty() && known.isEmpty()) {
            throw new UpgradeException(403, "unable to upgrade: no supported protocol among " + offered);
        }
        WebSocketConnection socket =
                exchange.acceptWebSocket(offered.isEmpty() ? null : known.getFirst(), MAX_MESSAGE);
        WebSocketCommandServer server = new WebSocketCommandServer(socket, options);
        if (!options.stdin()) {
            server.stdin.close();
        }
        // An empty message tells the client that it is through.
        server.send(options.stdout() ? STDOUT : options.stderr() ? STDERR : ERROR, new byte[0], 0, 0);
        Thread.ofVirtual().name("command-channels").start(server::receive);
        return server;
    }

    private void receive() {
        try {
            while (true) {
                switch (socket.receive()) {
                    case WebSocketMessage.Binary binary -> message(binary.data());
                    case WebSocketMessage.Text text -> message(decode(text.text()));
                    case WebSocketMessage.Close close -> {
                        return;
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            socket.close(1002, "");
        } finally {
            stdin.end();
            resize.end();
            gone.countDown();
        }
    }

    private byte[] decode(String text) {
        if (!base64 || text.isEmpty()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] payload = Base64.getDecoder().decode(text.substring(1));
        byte[] message = new byte[payload.length + 1];
        message[0] = (byte) (text.charAt(0) - '0');
        System.arraycopy(payload, 0, message, 1, payload.length);
        return message;
    }

    private void message(byte[] message) {
        if (message.length == 0) {
            return;
        }
        switch (message[0] & 0xff) {
            case 0 -> stdin.put(Arrays.copyOfRange(message, 1, message.length));
            case RESIZE -> resize.put(Arrays.copyOfRange(message, 1, message.length));
            case CLOSE -> {
                if (version >= 5 && message.length == 2 && message[1] == 0) {
                    stdin.end();
                }
            }
            default -> {} // output channels are ours; upstream ignores what a client sends there
        }
    }

    private void send(int channel, byte[] bytes, int from, int length) throws IOException {
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

    private OutputStream channel(int channel, boolean wanted) {
        if (!wanted) {
            return OutputStream.nullOutputStream();
        }
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

    @Override
    public int version() {
        return version;
    }

    @Override
    public InputStream stdin() {
        return stdin;
    }

    @Override
    public OutputStream stdout() {
        return channel(STDOUT, options.stdout());
    }

    @Override
    public OutputStream stderr() {
        return channel(STDERR, options.stderr());
    }

    @Override
    public InputStream resizeEvents() {
        return resize;
    }

    @Override
    public void onDisconnect(Runnable action) {
        Thread.startVirtualThread(() -> {
            try {
                gone.await();
                action.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void finish(byte[] outcome) throws IOException {
        stdin.close();
        resize.close();
        if (outcome.length > 0) {
            send(ERROR, outcome, 0, outcome.length);
        }
        socket.sendClose(1000, "");
        try {
            // Closing now could reset the connection under output that is still under way.
            var _ = gone.await(FINISH_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }

    @Override
    public void close() {
        socket.close();
    }
}
