package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who did what, in real files and at a real listener. */
class AuditIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: RequestResponse
              users: [admin]
              resources: [{group: "", resources: [configmaps]}]
            - level: None
            """;
    private static final int BATCH = 3;
    private static final int LARGE = 400_000;

    @TempDir
    Path directory;

    /** Takes events; refuses at first. */
    private static final class Listener implements AutoCloseable {
        private final List<List<JsonNode>> batches = new CopyOnWriteArrayList<>();
        private final AtomicInteger refused = new AtomicInteger();
        private final HttpServer server;

        Listener(Path directory) throws IOException {
            var options = new ApiServerOptions();
            options.bindAddress = "127.0.0.1";
            options.certDir = directory.resolve("listener");
            server = HttpServer.start(
                    HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .withTls(ServingCertificate.load(options, Clock.systemUTC())),
                    this::take);
        }

        private void take(Exchange exchange) throws IOException {
            byte[] body = exchange.body(16 << 20);
            if (refused.getAndIncrement() < 2) {
                exchange.respond(503, new Headers());
                return;
            }
            var list = Json.tree(body);
            assertThat(list.path("kind").asText()).isEqualTo("EventList");
            assertThat(list.path("apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
            var batch = new ArrayList<JsonNode>();
            list.path("items").forEach(batch::add);
            batches.add(batch);
            exchange.respond(200, new Headers());
        }

        List<JsonNode> events() {
            return batches.stream().flatMap(List::stream).toList();
        }

        Path kubeconfig(Path directory) throws IOException {
            return Files.writeString(directory.resolve("listener.yaml"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d/events", certificate-authority: listener/apiserver.crt}}]
                    users: [{name: u}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    current-context: x
                    """.formatted(
                            server.address().getPort()));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Test
    void tellsFilesAndAListener() throws Exception {
        var policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);
        var log = directory.resolve("logs/audit.log");
        try (var listener = new Listener(directory)) {
            String auditId;
            try (var fixture = new ApiServerFixture(
                    directory,
                    "--audit-policy-file=" + policy,
                    "--audit-log-path=" + log,
                    "--audit-log-maxsize=1",
                    "--audit-log-maxbackup=1",
                    "--audit-log-compress=true",
                    "--audit-webhook-config-file=" + listener.kubeconfig(directory),
                    "--audit-webhook-initial-backoff=100ms",
                    "--audit-webhook-batch-max-size=" + BATCH,
                    "--audit-webhook-batch-max-wait=1s")) {
                auditId = work(fixture);
                batched(listener);
                // What still waits when the server ends is not lost.
                fixture.send("GET", MAPS + "/last", "");
            }
            assertThat(listener.events().getLast().at("/objectRef/name").asText())
                    .isEqualTo("last");
            told(listener.events(), auditId);
            rotated(log);
        }
    }

    private static String work(ApiServerFixture fixture) throws Exception {
        var made = fixture.send("POST", MAPS, "{\"metadata\":{\"name\":\"first\"},\"data\":{\"a\":\"b\"}}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(fixture.send("POST", MAPS, "{\"metadata\":{\"name\":\"first\"}}")
                        .statusCode())
                .isEqualTo(409);
        for (int i = 0; i < 6; i++) {
            fixture.send(
                    "POST",
                    MAPS,
                    "{\"metadata\":{\"name\":\"large-" + i + "\"},\"data\":{\"x\":\"" + "x".repeat(LARGE) + "\"}}");
        }
        fixture.send("GET", "/api/v1/namespaces/default/secrets", ""); // of which the policy wants nothing told
        return made.headers().firstValue("audit-id").orElseThrow();
    }

    private static void batched(Listener listener) throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (listener.events().size() < 8) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(50);
        }
        assertThat(listener.refused.get())
                .as("attempts, of which two were refused")
                .isGreaterThan(2);
        assertThat(listener.batches).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(BATCH));
        assertThat(listener.batches).anySatisfy(batch -> assertThat(batch).hasSize(BATCH));
    }

    private static void told(List<JsonNode> events, String auditId) {
        assertThat(events).extracting(e -> e.path("stage").asText()).containsOnly("ResponseComplete");
        assertThat(events).extracting(e -> e.at("/objectRef/resource").asText()).containsOnly("configmaps");
        var first = events.getFirst();
        assertThat(first.path("auditID").asText()).isEqualTo(auditId);
        assertThat(first.path("level").asText()).isEqualTo("RequestResponse");
        assertThat(first.path("verb").asText()).isEqualTo("create");
        assertThat(first.at("/user/username").asText()).isEqualTo("admin");
        assertThat(first.at("/objectRef/name").asText()).isEqualTo("first");
        assertThat(first.at("/responseStatus/code").asInt()).isEqualTo(201);
        assertThat(first.at("/requestObject/data/a").asText()).isEqualTo("b");
        assertThat(first.at("/responseObject/metadata/uid").asText()).isNotEmpty();
        assertThat(first.at("/annotations/authorization.k8s.io~1decision").asText())
                .isEqualTo("allow");
        assertThat(events.get(1).at("/responseStatus/code").asInt()).isEqualTo(409);
        assertThat(events.get(1).at("/responseStatus/reason").asText()).isEqualTo("AlreadyExists");
    }

    /** Each large map is told twice, so that one megabyte holds one of them: all but the newest backup are gone. */
    private static void rotated(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        assertThat(Json.tree(lines.getLast().getBytes(StandardCharsets.UTF_8))
                        .at("/objectRef/name")
                        .asText())
                .isEqualTo("last");
        assertThat(Files.size(log)).isLessThan(1 << 20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .isEqualTo("rw-------");
        try (var siblings = Files.list(log.resolveSibling("."))) {
            var backups = siblings.filter(p -> !p.getFileName().equals(log.getFileName()))
                    .toList();
            assertThat(backups).hasSize(1);
            var backup = backups.getFirst();
            assertThat(backup.getFileName().toString())
                    .matches("audit-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}\\.[0-9]{3}\\.log\\.gz");
            try (var unzipped = new GZIPInputStream(Files.newInputStream(backup))) {
                String text = new String(unzipped.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(text).contains("\"name\":\"large-").endsWith("}\n");
            }
        }
    }
}
