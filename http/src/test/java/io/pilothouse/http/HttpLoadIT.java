package io.pilothouse.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many at once: nothing is lost or mixed up, and what is above the bounds is refused. */
@Timeout(60)
class HttpLoadIT {
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void manyRequestsKeepApart(HttpClient.Version version) throws Exception {
        TestCertificates ca = new TestCertificates("ca");
        try (HttpServer server = HttpServer.start(
                        HttpServerConfig.of(HttpServerIT.ANY).withTls(ca.server()),
                        exchange -> exchange.respond(
                                200, new Headers(), exchange.rawPath().getBytes(UTF_8)));
                HttpClient client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(ca.client())
                        .build()) {
            Semaphore window = new Semaphore(50);
            AtomicInteger right = new AtomicInteger();
            int total = 2000;
            long before = System.nanoTime();
            for (int i = 0; i < total; i++) {
                window.acquire();
                String path = "/r" + i;
                HttpRequest request = HttpRequest.newBuilder(URI.create(
                                "https://127.0.0.1:" + server.address().getPort() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build();
                var _ = client.sendAsync(request, BodyHandlers.ofString()).whenComplete((answer, error) -> {
                    if (error == null && answer.body().equals(path)) {
                        right.incrementAndGet();
                    }
                    window.release();
                });
            }
            window.acquire(50);
            assertThat(right).hasValue(total);
            System.out.printf(
                    "%d requests over %s in %d ms, epoll %s, BoringSSL %s%n",
                    total,
                    version,
                    (System.nanoTime() - before) / 1_000_000,
                    Epoll.isAvailable(),
                    OpenSsl.isAvailable());
        }
    }

    @Test
    void requestsAboveTheBoundGet503() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpLimits two =
                new HttpLimits(100, 2, 100, 8192, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (HttpServer server =
                HttpServer.start(HttpServerConfig.of(HttpServerIT.ANY).withLimits(two), exchange -> {
                    release.await();
                    exchange.respond(200, new Headers());
                })) {
            List<Integer> statuses = new ArrayList<>();
            List<java.util.concurrent.Future<Integer>> answers = new ArrayList<>();
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                for (int i = 0; i < 3; i++) {
                    answers.add(client.sendAsync(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                                    + server.address().getPort()))
                                            .build(),
                                    BodyHandlers.discarding())
                            .thenApply(answer -> {
                                release.countDown(); // the first to come back is the refused one
                                return answer.statusCode();
                            }));
                }
                for (var answer : answers) {
                    statuses.add(answer.get(10, TimeUnit.SECONDS));
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 200, 503);
        }
    }

    @Test
    void aReaderThatStallsIsCutOff() throws Exception {
        HttpLimits quick = new HttpLimits(
                100, 100, 100, 8192, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300));
        CountDownLatch cut = new CountDownLatch(1);
        try (HttpServer server =
                HttpServer.start(HttpServerConfig.of(HttpServerIT.ANY).withLimits(quick), exchange -> {
                    ResponseStream stream = exchange.startStream(200, new Headers());
                    try {
                        while (true) {
                            stream.write(new byte[100_000]);
                        }
                    } catch (BodyTimeoutException e) {
                        cut.countDown();
                    }
                })) {
            try (var socket = new java.net.Socket(
                    java.net.InetAddress.getLoopbackAddress(), server.address().getPort())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
                assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
