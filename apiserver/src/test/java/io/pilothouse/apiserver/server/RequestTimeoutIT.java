package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests are held to their time; a webhook over real TLS that never answers takes it. */
class RequestTimeoutIT {
    private static final List<String> NAMES = List.of("mutating", "lenient", "validating");
    private static final String HOOKS = "/apis/admissionregistration.k8s.io/v1/";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String ALLOTTED =
            "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Timeout: request did not complete within the allotted timeout\","
                    + "\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n";

    /** A webhook that waits until its caller is gone. */
    private static final class SleepingHook implements AutoCloseable {
        private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> left = new LinkedBlockingQueue<>();
        private final HttpServer server;
        private final String authority;

        SleepingHook(Path directory) throws IOException {
            var options = new ApiServerOptions();
            options.bindAddress = "127.0.0.1";
            options.certDir = directory.resolve("hook");
            var tls = ServingCertificate.load(options, Clock.systemUTC());
            byte[] pem = Files.readAllBytes(directory.resolve("hook/apiserver.crt"));
            authority = Base64.getEncoder().encodeToString(pem);
            server = HttpServer.start(
                    HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .withTls(tls),
                    this::sleep);
        }

        private void sleep(Exchange exchange) throws IOException {
            asked.add(exchange.rawQuery());
            var gone = new CountDownLatch(1);
            exchange.onDisconnect(gone::countDown);
            try {
                if (gone.await(20, TimeUnit.SECONDS)) {
                    left.add(exchange.rawQuery());
                }
                throw new IOException("the caller is gone");
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        String configuration(String kind, String name, String policy) {
            return """
                    {"apiVersion":"admissionregistration.k8s.io/v1","kind":"%s","metadata":{"name":"%s"},"webhooks":[{"name":"%2$s.example.com",
                    "sideEffects":"None","admissionReviewVersions":["v1"],"failurePolicy":"%s","timeoutSeconds":15,
                    "matchConditions":[{"name":"named","expression":"object.metadata.name == '%2$s'"}],
                    "clientConfig":{"url":"https://localhost:%d/","caBundle":"%s"},
                    "rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]}]}
                    """.formatted(kind, name, policy, server.address().getPort(), authority);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @TempDir
    Path directory;

    @Test
    void endsWhatTakesTooLong() throws Exception {
        try (var hook = new SleepingHook(directory);
                var fixture =
                        new ApiServerFixture(directory, "--request-timeout", "5s", "--min-request-timeout", "1")) {
            for (var one : NAMES) {
                String kind =
                        one.equals("validating") ? "ValidatingWebhookConfiguration" : "MutatingWebhookConfiguration";
                var made = fixture.send(
                        "POST",
                        HOOKS + kind.toLowerCase(Locale.ROOT) + "s",
                        hook.configuration(kind, one, one.equals("lenient") ? "Ignore" : "Fail"));
                assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            }
            Thread.sleep(1000); // until the configurations are in force
            for (var one : NAMES) {
                cutsTheRequest(fixture, hook, one);
            }
            cutsAtTheServersLimit(fixture);
            refusesWhatIsNoDuration(fixture);
            leavesWatchesAlone(fixture);
            var metrics = fixture.send("GET", "/metrics", "").body();
            assertThat(metrics)
                    .containsPattern(
                            "apiserver_request_terminations_total\\{code=\"504\",component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"resource\",subresource=\"\",verb=\"POST\",version=\"v1\"\\} 4");
        }
    }

    private static void cutsTheRequest(ApiServerFixture fixture, SleepingHook hook, String name) throws Exception {
        var begun = Instant.now();
        var answer = fixture.send("POST", MAPS + "?timeout=2s", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        assertThat(Duration.between(begun, Instant.now())).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(4));
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).isEqualTo(ALLOTTED);
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
        assertThat(answer.headers().firstValue("audit-id")).isPresent();
        assertThat(hook.asked.poll(1, TimeUnit.SECONDS))
                .as("what the webhook is told")
                .matches("timeout=[12]s");
        assertThat(hook.left.poll(3, TimeUnit.SECONDS))
                .as("the webhook is not waited for")
                .isNotNull();
        assertThat(fixture.send("GET", MAPS + "/" + name, "").statusCode()).isEqualTo(404);
    }

    private static void cutsAtTheServersLimit(ApiServerFixture fixture) throws Exception {
        var begun = Instant.now();
        var request = HttpRequest.newBuilder(URI.create(fixture.url() + MAPS + "?timeout=1h"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        "{\"metadata\":{\"name\":\"mutating\"}}".getBytes(StandardCharsets.UTF_8)))
                .build();
        var answer = fixture.client().send(request, BodyHandlers.ofString());
        assertThat(Duration.between(begun, Instant.now())).isBetween(Duration.ofMillis(4900), Duration.ofSeconds(8));
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).isEqualTo(ALLOTTED);
    }

    private static void refusesWhatIsNoDuration(ApiServerFixture fixture) throws Exception {
        var answer = fixture.send("GET", MAPS + "?timeout=10", "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("invalid timeout specified in the request URL - time: missing unit in duration \\\"10\\\"");
        assertThat(fixture.send("GET", MAPS + "?timeout=-5s", "").statusCode()).isEqualTo(200);
    }

    private static void leavesWatchesAlone(ApiServerFixture fixture) throws Exception {
        var begun = Instant.now();
        var lasting = fixture.send("GET", MAPS + "?watch=true&timeoutSeconds=6&timeout=1s", "");
        assertThat(lasting.statusCode()).isEqualTo(200);
        assertThat(Duration.between(begun, Instant.now())).isGreaterThan(Duration.ofMillis(5900));
        begun = Instant.now();
        assertThat(fixture.send("GET", MAPS + "?watch=true", "").statusCode()).isEqualTo(200);
        assertThat(Duration.between(begun, Instant.now())).isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
    }
}
