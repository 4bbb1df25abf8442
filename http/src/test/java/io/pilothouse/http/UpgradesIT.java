package io.pilothouse.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.spdy.SpdyStream;
import io.pilothouse.http.websocket.WebSocketConnection;
import io.pilothouse.http.websocket.WebSocketMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UpgradesIT {
    HttpServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    UpgradeClient tls(Handler handler) throws Exception {
        TestCertificates ca = new TestCertificates("ca");
        server = HttpServer.start(HttpServerConfig.of(HttpServerIT.ANY).withTls(ca.server()), handler);
        return new UpgradeClient(Optional.of(ClientTls.trusting(List.of(ca.authority()))), Duration.ofSeconds(5));
    }

    UpgradeClient plain(Handler handler) throws Exception {
        server = HttpServer.start(HttpServerConfig.of(HttpServerIT.ANY), handler);
        return new UpgradeClient(Optional.empty(), Duration.ofSeconds(5));
    }

    static void echoStreams(SpdyConnection connection) throws Exception {
        try (connection) {
            while (connection.isOpen()) {
                Optional<SpdyStream> next = connection.accept(Duration.ofSeconds(1));
                next.ifPresent(stream -> Thread.startVirtualThread(() -> echo(stream)));
            }
        }
    }

    static void echo(SpdyStream stream) {
        try {
            stream.output().write((stream.headers().first("Greeting").orElse("") + ":").getBytes(UTF_8));
            stream.input().transferTo(stream.output());
            stream.closeOutput();
        } catch (IOException e) {
            stream.reset();
        }
    }

    @Test
    void spdyStreamsCarryBothWaysAndHalfClose() throws Exception {
        UpgradeClient client = tls(exchange -> echoStreams(exchange.acceptSpdy(Headers.of("X-Chosen", "v4"))));
        InetSocketAddress to = server.address();
        var upgraded = client.spdyUpgrade(to, "localhost", "POST", "/exec?x=1", new Headers());
        assertThat(upgraded.headers().first("x-chosen")).hasValue("v4");
        try (SpdyConnection connection = SpdyConnection.client(upgraded.connection())) {
            connection.ping();
            byte[] big = new byte[3_000_000];
            new Random(5).nextBytes(big);
            for (int round = 0; round < 3; round++) {
                SpdyStream stream = connection.open(Headers.of("greeting", "hello" + round));
                Thread.startVirtualThread(() -> {
                    try {
                        stream.output().write(big);
                        stream.closeOutput();
                    } catch (IOException e) {
                        stream.reset();
                    }
                });
                assertThat(stream.input().readNBytes(7)).isEqualTo(("hello" + round + ":").getBytes(UTF_8));
                assertThat(stream.input().readAllBytes()).isEqualTo(big);
            }
            SpdyStream cut = connection.open(Headers.of("greeting", "x"));
            cut.reset();
            assertThatThrownBy(() -> cut.input().readAllBytes()).isInstanceOf(IOException.class);
            SpdyStream after = connection.open(Headers.of("greeting", "y"));
            after.closeOutput();
            assertThat(after.input().readAllBytes()).isEqualTo("y:".getBytes(UTF_8));
        }
    }

    @Test
    void spdyRunsThroughAWebSocket() throws Exception {
        UpgradeClient client = tls(exchange -> echoStreams(SpdyConnection.server(
                exchange.acceptWebSocket("SPDY/3.1+portforward.k8s.io", 1 << 20).asStream())));
        WebSocketConnection socket = client.webSocket(
                server.address(), "localhost", "/", new Headers(), List.of("SPDY/3.1+portforward.k8s.io"), 1 << 20);
        try (SpdyConnection connection = SpdyConnection.client(socket.asStream())) {
            SpdyStream stream = connection.open(Headers.of("greeting", "tunnel"));
            stream.output().write(new byte[200_000]);
            stream.closeOutput();
            assertThat(stream.input().readAllBytes()).hasSize(200_007);
        }
    }

    static void echoMessages(WebSocketConnection socket) throws IOException {
        while (true) {
            switch (socket.receive()) {
                case WebSocketMessage.Text text -> socket.sendText("you said " + text.text());
                case WebSocketMessage.Binary binary -> socket.sendBinary(binary.data(), 0, binary.data().length);
                case WebSocketMessage.Close close -> {
                    return;
                }
            }
        }
    }

    @Test
    void theJdksWebSocketClientGetsAlong() throws Exception {
        plain(exchange -> echoMessages(exchange.acceptWebSocket("b", 1000)));
        CompletableFuture<String> heard = new CompletableFuture<>();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols("a", "b")
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.address().getPort() + "/"), new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                    heard.complete(data.toString());
                                    from.request(1);
                                    return null;
                                }

                                @Override
                                public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                    ended.complete(code);
                                    return null;
                                }
                            })
                    .get(5, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("b");
            socket.sendText("he", false).join();
            socket.sendText("llo", true).join();
            assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("you said hello");
            socket.sendText("x".repeat(1001), true).join();
            assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo(1009);
        }
    }

    @Test
    void whatIsNoUpgradeIsRefused() throws Exception {
        UpgradeClient client = plain(exchange -> exchange.acceptSpdy(new Headers()));
        assertThatThrownBy(() -> client.upgrade(
                        server.address(),
                        "localhost",
                        "POST",
                        "/",
                        Headers.of("Upgrade", "websocket", "Content-Length", "0")))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void rawBytesPassBothWays() throws Exception {
        UpgradeClient client = tls(exchange -> {
            RawConnection raw = exchange.switchProtocols(101, Headers.of("Connection", "Upgrade", "Upgrade", "echo"));
            raw.input().transferTo(raw.output());
        });
        try (RawConnection raw = client.upgrade(
                        server.address(), "localhost", "GET", "/", Headers.of("Upgrade", "echo"))
                .connection()) {
            byte[] big = new byte[1_000_000];
            new Random(3).nextBytes(big);
            Thread.startVirtualThread(() -> {
                try {
                    raw.output().write(big);
                } catch (IOException e) {
                    server.close();
                }
            });
            assertThat(raw.input().readNBytes(big.length)).isEqualTo(big);
        }
    }
}
