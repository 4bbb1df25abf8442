package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.http.OriginClient.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class OriginClientTest {
    private final OriginClient client = new OriginClient(Optional.empty(), Duration.ofSeconds(5));

    @Test
    void sendsFieldsAndChunksAsTheyAre() throws Exception {
        try (var server = HttpServer.start(
                        HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), exchange -> {
                            byte[] body = exchange.body(1000);
                            try (var stream = exchange.startStream(
                                    200,
                                    Headers.of(
                                            "X-Host",
                                            exchange.headers().first("host").orElse("")))) {
                                stream.write((exchange.method() + exchange.rawPath() + "?" + exchange.rawQuery())
                                        .getBytes(StandardCharsets.UTF_8));
                                stream.write(body);
                            }
                        });
                var origin = client.connect(server.address(), "127.0.0.1");
                var answer = origin.send(
                        "PATCH",
                        "/a%2Fb?c=d",
                        Headers.of("Host", "elsewhere"),
                        new Body(new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)), -1))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers().first("x-host")).contains("elsewhere");
            assertThat(answer.body().readAllBytes()).asString().isEqualTo("PATCH/a%2Fb?c=dhello");
        }
    }

    @Test
    void skipsInterimAnswersAndReadsToTheEndOfTheConnection() throws Exception {
        assertThat(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nall of it"))
                .isEqualTo("all of it");
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nall of it"))
                .isEqualTo("all");
        assertThat(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nall\r\n0\r\nT: 1\r\n\r\n"))
                .isEqualTo("all");
    }

    @Test
    void tellsACutBodyFromAWholeOne() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nall of it"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n"))
                .isInstanceOf(IOException.class);
    }

    private String read(String wire) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                try (var socket = server.accept()) {
                    InputStream in = socket.getInputStream();
                    while (!OriginConnection.line(in).isEmpty()) {
                        // The head of the request.
                    }
                    socket.getOutputStream().write(wire.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The client sees it.
                }
            });
            try (var origin = client.connect((InetSocketAddress) server.getLocalSocketAddress(), "127.0.0.1");
                    var answer = origin.send("GET", "/", new Headers(), Body.NONE)) {
                return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
