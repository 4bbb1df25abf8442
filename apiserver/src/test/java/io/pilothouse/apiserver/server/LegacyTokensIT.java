package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.Pem;
import io.pilothouse.machinery.codec.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The use of lasting tokens of service accounts is noted. */
class LegacyTokensIT {
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
    private static final String TRACKING =
            "/api/v1/namespaces/kube-system/configmaps/kube-apiserver-legacy-service-account-token-tracking";
    private static final String REVIEW = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";

    @TempDir
    Path directory;

    @Test
    void notesTheUse() throws Exception {
        try (var fixture =
                new ApiServerFixture(directory, "--service-account-jwks-uri=https://keys.example.com/jwks")) {
            assertThat(Json.tree(fixture.send("GET", "/.well-known/openid-configuration", "")
                                    .body()
                                    .getBytes(StandardCharsets.UTF_8))
                            .path("jwks_uri")
                            .asText())
                    .isEqualTo("https://keys.example.com/jwks");
            String token = tokenInSecret(fixture);
            var today = LocalDate.now(ZoneOffset.UTC).toString();
            assertThat(as(fixture, token).statusCode()).isEqualTo(201);
            assertThat(fixture.send("GET", SECRETS + "/lasting", "").body())
                    .contains("\"kubernetes.io/legacy-token-last-used\":\"" + today + "\"");
            assertThat(fixture.send("GET", "/metrics", "").body())
                    .contains("\nserviceaccount_legacy_manual_token_uses_total 1\n");
            tracking(fixture, today);
            warned(fixture, token);
            invalidated(fixture, token);
        }
    }

    private String tokenInSecret(ApiServerFixture fixture) throws Exception {
        var account = Json.tree(fixture.send("POST", ACCOUNTS, "{\"metadata\":{\"name\":\"ada\"}}")
                .body()
                .getBytes(StandardCharsets.UTF_8));
        String claims = """
                {"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:ada","kubernetes.io/serviceaccount/namespace":"default",
                "kubernetes.io/serviceaccount/secret.name":"lasting","kubernetes.io/serviceaccount/service-account.name":"ada",
                "kubernetes.io/serviceaccount/service-account.uid":"%s"}""".formatted(account.at("/metadata/uid").asText());
        String token = signed(claims);
        String secret = """
                {"metadata":{"name":"lasting","annotations":{"kubernetes.io/service-account.name":"ada"}},
                "type":"kubernetes.io/service-account-token","data":{"token":"%s"}}""".formatted(Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.US_ASCII)));
        var made = fixture.send("POST", SECRETS, secret);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return token;
    }

    private String signed(String claims) throws Exception {
        var url = Base64.getUrlEncoder().withoutPadding();
        String text = url.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + url.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(Pem.privateKey(directory.resolve("sa.key")));
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + url.encodeToString(signature.sign());
    }

    private static HttpResponse<String> as(ApiServerFixture fixture, String token) throws Exception {
        return fixture.send(
                "POST",
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                REVIEW,
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "application/json");
    }

    private static void tracking(ApiServerFixture fixture, String today) throws Exception {
        assertThat(fixture.send("GET", TRACKING, "").body()).contains("\"since\":\"" + today + "\"");
        fixture.send(
                "PATCH",
                TRACKING,
                "{\"data\":{\"since\":\"yesterday\"}}",
                "Content-Type",
                "application/merge-patch+json");
        var deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!fixture.send("GET", TRACKING, "").body().contains("\"since\":\"" + today + "\"")) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(100);
        }
    }

    /** Secrets that are listed in the account were once made for it without being asked for. */
    private static void warned(ApiServerFixture fixture, String token) throws Exception {
        fixture.send(
                "PATCH",
                ACCOUNTS + "/ada",
                "{\"secrets\":[{\"name\":\"lasting\"}]}",
                "Content-Type",
                "application/merge-patch+json");
        var deadline = Instant.now().plus(Duration.ofSeconds(10));
        var answer = as(fixture, token);
        while (answer.headers().firstValue("warning").isEmpty()) {
            assertThat(Instant.now()).isBefore(deadline);
            answer = as(fixture, token);
        }
        assertThat(answer.headers().firstValue("warning"))
                .contains(
                        "299 - \"Use tokens from the TokenRequest API or manually created secret-based tokens instead of"
                                + " auto-generated secret-based tokens.\"");
    }

    private static void invalidated(ApiServerFixture fixture, String token) throws Exception {
        fixture.send(
                "PATCH",
                SECRETS + "/lasting",
                "{\"metadata\":{\"labels\":{\"kubernetes.io/legacy-token-invalid-since\":\"2026-01-01\"}}}",
                "Content-Type",
                "application/merge-patch+json");
        var deadline = Instant.now().plus(Duration.ofSeconds(10));
        while (as(fixture, token).statusCode() != 401) {
            assertThat(Instant.now()).isBefore(deadline);
        }
    }
}
