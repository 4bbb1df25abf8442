package io.pilothouse.http.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.UpgradeClient;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.websocket.WebSocketConnection;
import io.pilothouse.http.websocket.WebSocketMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The WebSocket protocols that kubectl does not speak, but browsers and other clients do. */
@Timeout(30)
class WebSocketChannelsIT {
    HttpServer server;
    final UpgradeClient client = new UpgradeClient(Optional.empty(), Duration.ofSeconds(5));

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), this::serve);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    void serve(Exchange exchange) throws Exception {
        if (exchange.rawPath().equals("/exec")) {
            CommandServer command = CommandServer.accept(exchange, CommandOptions.fromQuery(exchange.rawQuery()));
            Optional<TerminalSize> size = TerminalSize.read(command.resizeEvents());
            command.stdout()
                    .write(("v" + command.version() + " " + size.orElseThrow().width() + " ").getBytes(UTF_8));
            command.stdout().write(command.stdin().readNBytes(2));
            command.finish("outcome".getBytes(UTF_8));
            return;
        }
        try (PortForwardServer forwards = PortForwardServer.accept(exchange)) {
            List<Thread> threads = new ArrayList<>();
            for (var next = forwards.next(Duration.ofMillis(50));
                    next.isPresent();
                    next = forwards.next(Duration.ofMillis(50))) {
                ForwardedConnection connection = next.get();
                threads.add(Thread.startVirtualThread(() -> {
                    try {
                        connection.output().write(connection.input().readNBytes(3));
                        connection.fail("no more for " + connection.port());
                    } catch (java.io.IOException e) {
                        connection.close();
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    WebSocketConnection open(String target, String... protocols) throws Exception {
        return client.webSocket(server.address(), "127.0.0.1", target, new Headers(), List.of(protocols), 1 << 20);
    }

    static List<String> all(WebSocketConnection socket) throws Exception {
        List<String> heard = new ArrayList<>();
        while (true) {
            switch (socket.receive()) {
                case WebSocketMessage.Binary binary ->
                    heard.add(binary.data()[0] + ":" + new String(binary.data(), 1, binary.data().length - 1, UTF_8));
                case WebSocketMessage.Text text -> heard.add(text.text());
                case WebSocketMessage.Close close -> {
                    return heard;
                }
            }
        }
    }

    @Test
    void commandsInBase64Channels() throws Exception {
        try (WebSocketConnection socket =
                open("/exec?stdin=true&stdout=true&tty=true", "unknown", "v4.base64.channel.k8s.io")) {
            socket.sendText("4" + "eyJXaWR0aCI6ODAsIkhlaWdodCI6MjR9");
            socket.sendText("0aGk=");
            assertThat(all(socket)).containsExactly("1", "1djQgODAg", "1aGk=", "3b3V0Y29tZQ==");
        }
    }

    @Test
    void commandsInBinaryChannelsWithoutASubprotocol() throws Exception {
        try (WebSocketConnection socket = open("/exec?stdin=1&stdout=1&tty=1")) {
            byte[] size = "\4{\"Width\":7,\"Height\":24}".getBytes(UTF_8);
            socket.sendBinary(size, 0, size.length);
            socket.sendBinary(new byte[] {0, 'h', 'i'}, 0, 3);
            assertThat(all(socket)).containsExactly("1:", "1:v1 7 ", "1:hi", "3:outcome");
        }
    }

    @Test
    void portsInChannels() throws Exception {
        try (WebSocketConnection socket = open("/portforward?ports=80%2C258", "v4.channel.k8s.io")) {
            socket.sendBinary(new byte[] {0, 'a', 'b', 'c'}, 0, 4);
            socket.sendBinary(new byte[] {2, 'd', 'e', 'f'}, 0, 4);
            assertThat(all(socket))
                    .contains(
                            "0:P\0",
                            "1:P\0",
                            "2:\2\1",
                            "3:\2\1",
                            "0:abc",
                            "2:def",
                            "1:no more for 80",
                            "3:no more for 258");
        }
    }

    @Test
    void unknownProtocolsAreRefused() {
        assertThatThrownBy(() -> open("/exec?stdout=true", "nonsense"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.status()).isEqualTo(403));
        assertThatThrownBy(() -> open("/portforward?ports=x", "v4.channel.k8s.io"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.status()).isEqualTo(400));
    }
}
