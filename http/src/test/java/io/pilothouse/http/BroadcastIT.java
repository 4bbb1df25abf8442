package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent to many streams arrives at each, whole and in order, also where it is more than windows let through at once. */
@Timeout(60)
class BroadcastIT {
    private static final int STREAMS = 8;
    private static final int ROUNDS = 400;

    private final Queue<ResponseStream> open = new ConcurrentLinkedQueue<>();
    private final CountDownLatch all = new CountDownLatch(STREAMS + 1);
    private final CountDownLatch end = new CountDownLatch(1);

    private void serve(Exchange exchange) throws Exception {
        try (var stream = exchange.startStream(200, new Headers())) {
            stream.flush();
            open.add(stream);
            all.countDown();
            end.await();
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void everyStreamGetsAll(HttpClient.Version version) throws Exception {
        var ca = new TestCertificates("ca");
        var expected = MessageDigest.getInstance("SHA-256");
        try (var server = HttpServer.start(HttpServerConfig.of(HttpServerIT.ANY).withTls(ca.server()), this::serve);
                var client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(ca.client())
                        .build()) {
            var answers = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
            var address = URI.create("https://127.0.0.1:" + server.address().getPort());
            for (int i = 0; i < STREAMS; i++) {
                answers.add(client.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray()));
            }
            var gone = client.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofInputStream());
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            gone.get(20, TimeUnit.SECONDS).body().close();
            send(expected);
            end.countDown();
            byte[] digest = expected.digest();
            for (var answer : answers) {
                var body = answer.get(30, TimeUnit.SECONDS).body();
                assertThat(MessageDigest.getInstance("SHA-256").digest(body)).isEqualTo(digest);
            }
        }
    }

    private void send(MessageDigest expected) throws InterruptedException {
        var random = new Random(3);
        var broadcast = new Broadcast();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] first = new byte[random.nextInt(60_000)];
            byte[] second = new byte[1 + random.nextInt(100)];
            random.nextBytes(first);
            random.nextBytes(second);
            expected.update(first);
            expected.update(second);
            var written = new CountDownLatch(open.size());
            try (var large = SharedBytes.of(first);
                    var small = SharedBytes.of(second)) {
                open.forEach(stream -> stream.send(broadcast, List.of(large, small), written::countDown));
                broadcast.send();
            }
            assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** @param closing its owner, who knows nothing of the failure, closes the stream before it is broken off */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1, false", "HTTP_1_1, true", "HTTP_2, false", "HTTP_2, true"})
    void aWriteThatFailsBreaksOffItsStreamAndNoOther(HttpClient.Version version, boolean closing) throws Exception {
        var ca = new TestCertificates("ca");
        try (var server = HttpServer.start(HttpServerConfig.of(HttpServerIT.ANY).withTls(ca.server()), this::serve);
                var client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(ca.client())
                        .build()) {
            var address = URI.create("https://127.0.0.1:" + server.address().getPort());
            var answers = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
            for (int i = 0; i <= STREAMS; i++) {
                answers.add(client.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray()));
            }
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            var broadcast = new Broadcast();
            var written = new CountDownLatch(STREAMS);
            var failing = open.element();
            var more = new AtomicBoolean();
            try (var bytes = SharedBytes.of(new byte[1000])) {
                open.forEach(stream -> stream.send(broadcast, List.of(bytes), () -> {
                    if (stream == failing) {
                        if (closing) {
                            stream.close();
                        }
                        throw new IllegalStateException("told to fail");
                    }
                    written.countDown();
                }));
                // Behind a gap nobody may be told anything.
                failing.send(broadcast, List.of(bytes), () -> more.set(true));
                broadcast.send();
            }
            assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
            end.countDown();
            int whole = 0;
            for (var answer : answers) {
                try {
                    assertThat(answer.get(30, TimeUnit.SECONDS).body()).hasSize(1000);
                    whole++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(IOException.class);
                }
            }
            assertThat(whole).isEqualTo(STREAMS);
            assertThat(more).isFalse();
        }
    }
}
