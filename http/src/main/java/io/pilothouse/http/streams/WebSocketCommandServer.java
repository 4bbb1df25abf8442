package io.pilothouse.http.streams;

import io.pilothouse.http.BytePipe;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.websocket.WebSocketConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A command in {@link WebSocketChannels}: standard input, output and error, the outcome, terminal sizes. */
final class WebSocketCommandServer implements CommandServer {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;
    private static final long FINISH_SECONDS = 900;
    private final WebSocketConnection socket;
    private final int version;
    private final WebSocketChannels channels;
    private final CommandOptions options;
    private final BytePipe stdin = new BytePipe();
    private final BytePipe resize = new BytePipe();
    private final CountDownLatch gone = new CountDownLatch(1);

    private WebSocketCommandServer(WebSocketConnection socket, CommandOptions options) {
        this.socket = socket;
        this.options = options;
        String protocol = socket.subprotocol();
        this.channels = new WebSocketChannels(socket);
        this.version = protocol.startsWith("v") ? protocol.charAt(1) - '0' : 1;
    }

    static CommandServer open(Exchange exchange, CommandOptions options) throws IOException {
        List<String> offered = exchange.headers().tokens("sec-websocket-protocol");
        List<String> known = offered.stream()
                .filter(name -> CommandServer.versionOf(name) > 0
                        || name.equals(WebSocketChannels.BASE64)
                        || name.equals("v4." + WebSocketChannels.BASE64))
                .toList();
        if (!offered.isEmpty() && known.isEmpty()) {
            throw new UpgradeException(403, "unable to upgrade: no supported protocol among " + offered);
        }
        WebSocketConnection socket =
                exchange.acceptWebSocket(offered.isEmpty() ? null : known.getFirst(), WebSocketChannels.MAX_MESSAGE);
        WebSocketCommandServer server = new WebSocketCommandServer(socket, options);
        if (!options.stdin()) {
            server.stdin.close();
        }
        // An empty message tells the client that it is through.
        server.channels.send(options.stdout() ? STDOUT : options.stderr() ? STDERR : ERROR, new byte[0], 0, 0);
        Thread.ofVirtual().name("command-channels").start(server::receive);
        return server;
    }

    private void receive() {
        try {
            for (var message = channels.receive(); message.isPresent(); message = channels.receive()) {
                take(message.get());
            }
        } catch (IOException e) {
            socket.close(1002, "");
        } finally {
            stdin.end();
            resize.end();
            gone.countDown();
        }
    }

    private void take(WebSocketChannels.Message message) {
        switch (message.channel()) {
            case 0 -> stdin.put(message.data());
            case RESIZE -> resize.put(message.data());
            case CLOSE -> {
                if (version >= 5 && message.data().length == 1 && message.data()[0] == 0) {
                    stdin.end();
                }
            }
            default -> {} // output channels are ours; upstream ignores what a client sends there
        }
    }

    private OutputStream channel(int channel, boolean wanted) {
        return wanted ? channels.output(channel) : OutputStream.nullOutputStream();
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
            channels.send(ERROR, outcome, 0, outcome.length);
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
