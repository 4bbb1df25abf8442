package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bearer tokens that are not in a file: of a webhook, and bootstrap tokens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationIT {
    private static final String REVIEW = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer webhook;
    private ApiServerFixture server;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        var own = new ApiServerOptions();
        own.bindAddress = "127.0.0.1";
        own.certDir = directory.resolve("webhook");
        var tls = ServingCertificate.load(own, Clock.systemUTC());
        webhook = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withTls(tls),
                exchange -> {
                    asked.incrementAndGet();
                    var review = Json.tree(exchange.body(1 << 20));
                    boolean known = review.path("spec").path("token").asText().equals("vouched-for")
                            && review.path("apiVersion").asText().equals("authentication.k8s.io/v1");
                    var answer = known
                            ? "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"ada\",\"uid\":\"7\",\"groups\":[\"devs\"],\"extra\":{\"team\":[\"red\"]}}}}"
                            : "{\"status\":{\"authenticated\":false,\"error\":\"no such token\"}}";
                    exchange.respond(
                            200,
                            Headers.of("content-type", "application/json"),
                            answer.getBytes(StandardCharsets.UTF_8));
                });
        var config = Files.writeString(directory.resolve("webhook.yaml"), """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d/review", certificate-authority: webhook/apiserver.crt}}]
        users: [{name: u}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """.formatted(
                        webhook.address().getPort()));
        server = new ApiServerFixture(
                directory,
                "--enable-bootstrap-token-auth",
                "--authentication-token-webhook-config-file",
                config.toString(),
                "--authentication-token-webhook-version",
                "v1");
    }

    @AfterAll
    void end() throws IOException {
        server.close();
        webhook.close();
    }

    @Test
    void aWebhookVouchesForATokenAndIsAskedOnce() throws Exception {
        var before = asked.get();
        var whoAmI = as("vouched-for");
        assertThat(whoAmI.statusCode()).isEqualTo(201);
        assertThat(Json.tree(whoAmI.body()).path("status").path("userInfo").toString())
                .isEqualTo(
                        "{\"username\":\"ada\",\"uid\":\"7\",\"groups\":[\"devs\",\"system:authenticated\"],\"extra\":{\"team\":[\"red\"]}}");
        assertThat(as("vouched-for").statusCode()).isEqualTo(201);
        assertThat(asked.get() - before).isEqualTo(1);
        assertThat(as("made-up").statusCode()).isEqualTo(401);
    }

    @Test
    void aBootstrapTokenIsASecret() throws Exception {
        assertThat(as("abcdef.0123456789abcdef").statusCode()).isEqualTo(401);
        var secret = """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"bootstrap-token-abcdef"},"type":"bootstrap.kubernetes.io/token","data":{
         "token-id":"%s","token-secret":"%s","usage-bootstrap-authentication":"%s","auth-extra-groups":"%s"}}""".formatted(
                base64("abcdef"), base64("0123456789abcdef"), base64("true"), base64("system:bootstrappers:workers"));
        assertThat(server.send("POST", "/api/v1/namespaces/kube-system/secrets", secret)
                        .statusCode())
                .isEqualTo(201);
        var whoAmI = as("abcdef.0123456789abcdef");
        assertThat(Json.tree(whoAmI.body()).path("status").path("userInfo").toString())
                .isEqualTo(
                        "{\"username\":\"system:bootstrap:abcdef\",\"groups\":[\"system:bootstrappers\",\"system:bootstrappers:workers\",\"system:authenticated\"]}");
        assertThat(as("abcdef.0123456789abcdeF").statusCode()).isEqualTo(401);
        assertThat(as("abcdef.0123456789abcdee").statusCode()).isEqualTo(401);
        var expiry = "{\"data\":{\"expiration\":\"" + base64("2020-01-01T00:00:00Z") + "\"}}";
        assertThat(server.send(
                                "PATCH",
                                "/api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef",
                                expiry,
                                "Content-Type",
                                "application/merge-patch+json")
                        .statusCode())
                .isEqualTo(200);
        assertThat(as("abcdef.0123456789abcdef").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> as(String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create(server.url() + "/apis/authentication.k8s.io/v1/selfsubjectreviews"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(REVIEW));
        return server.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
