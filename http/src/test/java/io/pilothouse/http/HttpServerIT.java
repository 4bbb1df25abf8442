package io.pilothouse.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class HttpServerIT {
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    static final HttpLimits QUICK =
            new HttpLimits(100, 50, 20, 8192, Duration.ofMillis(700), Duration.ofSeconds(20), Duration.ofMillis(900));
    static TestCertificates ca;
    HttpServer server;

    @BeforeAll
    static void certificates() throws Exception {
        ca = new TestCertificates("test-ca");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    URI plain(Handler handler) throws Exception {
        server = HttpServer.start(HttpServerConfig.of(ANY).withLimits(QUICK), handler);
        return URI.create("http://127.0.0.1:" + server.address().getPort());
    }

    URI tls(TlsConfig tls, Handler handler) throws Exception {
        server = HttpServer.start(HttpServerConfig.of(ANY).withTls(tls), handler);
        return URI.create("https://127.0.0.1:" + server.address().getPort());
    }

    static HttpClient client(HttpClient.Version version, TestCertificates.Identity... identity) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(ca.client(identity))
                .build();
    }

    static HttpRequest.Builder to(URI base, String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void echoesOverEitherProtocol(HttpClient.Version version) throws Exception {
        URI base = tls(
                ca.server(),
                exchange -> exchange.respond(
                        200,
                        Headers.of(
                                "X-Seen",
                                exchange.method() + " " + exchange.rawPath() + "?" + exchange.rawQuery() + " "
                                        + exchange.protocol() + " " + exchange.scheme()),
                        exchange.body(10_000_000)));
        try (HttpClient client = client(version)) {
            byte[] big = new byte[3_000_000];
            new java.util.Random(1).nextBytes(big);
            for (byte[] body : List.of("hello".getBytes(UTF_8), big)) {
                var answer = client.send(
                        to(base, "/a%20b?x=1&y=%2F")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.headers().firstValue("x-seen"))
                        .hasValue("POST /a%20b?x=1&y=%2F "
                                + (version == HttpClient.Version.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1") + " https");
            }
        }
    }

    /** The socket takes some buffers at once and some not; the answer must go on after either. */
    @Test
    void sendsLongAnswersToFastAndSlowReaders() throws Exception {
        byte[] piece = new byte[300_000];
        new java.util.Random(1).nextBytes(piece);
        URI base = plain(exchange -> {
            if (exchange.rawPath().equals("/whole")) {
                exchange.respond(200, new Headers(), piece, piece, piece, piece);
                return;
            }
            try (var stream = exchange.startStream(200, new Headers())) {
                for (int i = 0; i < 4; i++) {
                    stream.write(piece);
                }
            }
        });
        try (HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
            for (int round = 0; round < 100; round++) {
                String path = round % 2 == 0 ? "/whole" : "/stream";
                var answer = client.send(to(base, path).build(), BodyHandlers.ofInputStream());
                try (var body = answer.body()) {
                    if (round % 5 == 0) {
                        Thread.sleep(20);
                    }
                    for (int i = 0; i < 4; i++) {
                        assertThat(body.readNBytes(piece.length)).isEqualTo(piece);
                    }
                    assertThat(body.read()).isEqualTo(-1);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void joinsTenThousandPieces(HttpClient.Version version) throws Exception {
        byte[][] pieces = new byte[20_000][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = ("{\"item\":" + i + "," + "x".repeat(i % 900) + "}").getBytes(UTF_8);
        }
        pieces[77] = new byte[700_001];
        URI base = tls(ca.server(), exchange -> exchange.respond(200, new Headers(), pieces));
        try (HttpClient client = client(version)) {
            var answer = client.send(to(base, "/").build(), BodyHandlers.ofByteArray());
            assertThat(answer.body()).isEqualTo(join(pieces));
        }
    }

    static byte[] join(byte[]... pieces) {
        var out = new java.io.ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void streamsWhileTheHandlerRuns(HttpClient.Version version) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        URI base = tls(ca.server(), exchange -> {
            try (ResponseStream stream = exchange.startStream(200, new Headers())) {
                stream.flush();
                stream.write("one\n".getBytes(UTF_8));
                assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
                stream.write("two\n".getBytes(UTF_8), "three\n".getBytes(UTF_8));
            }
        });
        try (HttpClient client = client(version)) {
            HttpResponse<InputStream> answer = client.send(to(base, "/").build(), BodyHandlers.ofInputStream());
            InputStream in = answer.body();
            assertThat(in.readNBytes(4)).isEqualTo("one\n".getBytes(UTF_8));
            seen.countDown();
            assertThat(in.readAllBytes()).isEqualTo("two\nthree\n".getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aStreamNoticesThatItsReaderLeft(HttpClient.Version version) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        URI base = tls(ca.server(), exchange -> {
            ResponseStream stream = exchange.startStream(200, new Headers());
            stream.onClose(left::countDown);
            stream.flush();
            left.await();
        });
        HttpClient client = client(version);
        var answer = client.send(to(base, "/").build(), BodyHandlers.ofInputStream());
        answer.body().close();
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        client.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void faultsAndLimitsGetTheirStatus(HttpClient.Version version) throws Exception {
        URI base = tls(ca.server(), exchange -> {
            if (exchange.rawPath().equals("/fault")) {
                throw new IllegalStateException("expected by the test");
            }
            if (exchange.rawPath().equals("/split")) {
                exchange.respond(200, Headers.of("X-Evil", "a\r\nX-Injected: b"));
            }
            exchange.body(10);
            exchange.respond(204, new Headers());
        });
        try (HttpClient client = client(version)) {
            var fault = client.send(to(base, "/fault").build(), BodyHandlers.ofString());
            assertThat(fault.statusCode()).isEqualTo(500);
            assertThat(fault.body()).doesNotContain("expected");
            assertThat(client.send(to(base, "/split").build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(500);
            var tooLarge = client.send(
                    to(base, "/").POST(BodyPublishers.ofString("x".repeat(11))).build(), BodyHandlers.ofString());
            assertThat(tooLarge.statusCode()).isEqualTo(413);
            var empty = client.send(to(base, "/").build(), BodyHandlers.ofString());
            assertThat(empty.statusCode()).isEqualTo(204);
            var head = client.send(
                    to(base, "/fault").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            assertThat(head.statusCode()).isEqualTo(500);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void anyClientCertificateReachesTheHandler() throws Exception {
        TestCertificates stranger = new TestCertificates("stranger");
        TlsConfig tls = ca.server().withClientAuth(TlsConfig.ClientAuth.OPTIONAL, List.of());
        URI base = tls(
                tls,
                exchange -> exchange.respond(
                        200,
                        new Headers(),
                        exchange.peerCertificates().stream()
                                .map(c -> c.getSubjectX500Principal().getName())
                                .toList()
                                .toString()
                                .getBytes(UTF_8)));
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            try (HttpClient none = client(version);
                    HttpClient wrong = client(version, stranger.issue("mallory"))) {
                assertThat(none.send(to(base, "/").build(), BodyHandlers.ofString())
                                .body())
                        .isEqualTo("[]");
                assertThat(wrong.send(to(base, "/").build(), BodyHandlers.ofString())
                                .body())
                        .isEqualTo("[CN=mallory]");
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        URI base = plain(exchange -> exchange.respond(
                200, new Headers(), (exchange.rawPath() + new String(exchange.body(100), UTF_8)).getBytes(UTF_8)));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
            socket.getOutputStream()
                    .write(("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                    + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                                    + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(all).containsSubsequence("/1", "HTTP/1.1 200", "/2abc", "HTTP/1.1 200", "/3");
        }
    }

    String raw(URI base, String... sends) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
            for (String send : sends) {
                socket.getOutputStream().write(send.getBytes(UTF_8));
            }
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void badOrEndlessOrSlowInputIsRefused() throws Exception {
        URI base = plain(exchange -> {
            if (exchange.rawPath().equals("/unread")) {
                exchange.respond(401, new Headers());
            } else {
                exchange.respond(200, new Headers(), exchange.body(1000));
            }
        });
        // The body is not wanted, and the client may not send it: the connection can't go on.
        assertThat(raw(base, "POST /unread HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"))
                .startsWith("HTTP/1.1 401")
                .containsIgnoringCase("connection: close");
        assertThat(raw(base, "NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw(base, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw(base, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(raw(base, "GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(raw(base, "GET / HTTP/1.1\r\nHo")).startsWith("HTTP/1.1 408");
        assertThat(raw(base, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"))
                .startsWith("HTTP/1.1 408");
        assertThat(raw(base, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(
                        raw(
                                base,
                                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok"))
                .contains("HTTP/1.1 200")
                .endsWith("ok");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void drainLetsStreamsEndAndStops(HttpClient.Version version) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        URI base = tls(ca.server(), exchange -> {
            ResponseStream stream = exchange.startStream(200, new Headers());
            CountDownLatch drain = new CountDownLatch(1);
            stream.onDrain(drain::countDown);
            stream.flush();
            started.countDown();
            drain.await();
            stream.write("bye".getBytes(UTF_8));
        });
        try (HttpClient client = client(version)) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(to(base, "/").build(), BodyHandlers.ofString());
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            long before = System.nanoTime();
            server.drain(Duration.ofSeconds(10));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo("bye");
        }
    }

    @Test
    void reloadsItsCertificate() throws Exception {
        URI base = tls(ca.server(), exchange -> exchange.respond(200, new Headers(), "ok".getBytes(UTF_8)));
        TestCertificates other = new TestCertificates("other-ca");
        server.reloadTls(other.server());
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(other.client()).build()) {
            assertThat(client.send(to(base, "/").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("ok");
        }
    }
}
