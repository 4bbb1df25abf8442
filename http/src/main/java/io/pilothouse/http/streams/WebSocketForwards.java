package io.pilothouse.http.streams;

import io.pilothouse.http.BytePipe;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.websocket.WebSocketConnection;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Port forwarding in WebSocket channels, as clients other than kubectl do it: the ports are in the query, each has a data channel and after
 * it an error channel, and both begin with the port's number, two bytes, little end first.
 */
final class WebSocketForwards {
    private static final int MAX_PORTS = 100;
    private final WebSocketConnection socket;
    private final List<BytePipe> inputs = new ArrayList<>();
    private final ArrayDeque<ForwardedConnection> connections = new ArrayDeque<>();
    private volatile boolean open = true;

    private WebSocketForwards(WebSocketConnection socket) {
        this.socket = socket;
    }

    static WebSocketForwards open(Exchange exchange) throws IOException {
        List<Integer> ports = ports(exchange.rawQuery());
        List<String> offered = exchange.headers().tokens("sec-websocket-protocol");
        Optional<String> chosen = offered.stream()
                .filter(name -> name.equals("v4.channel.k8s.io") || name.equals("v4." + WebSocketChannels.BASE64))
                .findFirst();
        if (!offered.isEmpty() && chosen.isEmpty()) {
            throw new UpgradeException(403, "unable to upgrade: no supported protocol among " + offered);
        }
        WebSocketForwards forwards =
                new WebSocketForwards(exchange.acceptWebSocket(chosen.orElse(null), WebSocketChannels.MAX_MESSAGE));
        forwards.begin(ports);
        return forwards;
    }

    private void begin(List<Integer> ports) throws IOException {
        WebSocketChannels channels = new WebSocketChannels(socket);
        AtomicInteger left = new AtomicInteger(ports.size());
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get(i);
            BytePipe input = new BytePipe();
            inputs.add(input);
            byte[] number = {(byte) port, (byte) (port >> 8)};
            channels.send(2 * i, number, 0, 2);
            channels.send(2 * i + 1, number, 0, 2);
            connections.add(new ForwardedConnection(
                    port,
                    new ForwardedConnection.Ends(
                            input, channels.output(2 * i), InputStream.nullInputStream(), channels.output(2 * i + 1)),
                    () -> {
                        if (left.decrementAndGet() == 0) {
                            close();
                        }
                    }));
        }
        Thread.ofVirtual().name("forward-channels").start(() -> receive(channels));
    }

    private static List<Integer> ports(String rawQuery) throws UpgradeException {
        List<Integer> ports = new ArrayList<>();
        for (String part : rawQuery.split("&", -1)) {
            if (part.startsWith("port=") || part.startsWith("ports=")) {
                for (String port : part.substring(part.indexOf('=') + 1)
                        .replace("%2C", ",")
                        .split(",", -1)) {
                    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
                        throw new UpgradeException(400, "unable to parse \"" + port + "\" as a port");
                    }
                    ports.add(Integer.valueOf(port));
                }
            }
        }
        if (ports.isEmpty() || ports.size() > MAX_PORTS) {
            throw new UpgradeException(400, "query parameter \"port\" is required");
        }
        return ports;
    }

    private void receive(WebSocketChannels channels) {
        try {
            for (var message = channels.receive(); message.isPresent(); message = channels.receive()) {
                int channel = message.get().channel();
                if (channel % 2 == 0 && channel / 2 < inputs.size()) {
                    inputs.get(channel / 2).put(message.get().data());
                }
            }
        } catch (IOException e) {
            close();
        } finally {
            open = false;
            inputs.forEach(BytePipe::end);
        }
    }

    /** The next of the ports, until all are given. */
    Optional<ForwardedConnection> next() {
        return Optional.ofNullable(connections.poll());
    }

    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
        socket.close();
    }
}
