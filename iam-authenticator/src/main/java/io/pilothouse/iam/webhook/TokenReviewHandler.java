package io.pilothouse.iam.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.http.BodyTooLargeException;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Handler;
import io.pilothouse.http.Headers;
import io.pilothouse.iam.AuthenticationFailure;
import io.pilothouse.iam.IamAuthenticator;
import io.pilothouse.iam.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook: {@code POST /authenticate} takes a TokenReview of authentication.k8s.io v1 or v1beta1, {@code GET /healthz} says ok. */
public final class TokenReviewHandler implements Handler {
    private static final Logger log = LoggerFactory.getLogger(TokenReviewHandler.class);
    private static final int MAX_BODY = 1 << 20;
    private static final Set<String> VERSIONS = Set.of("authentication.k8s.io/v1", "authentication.k8s.io/v1beta1");
    private final ObjectMapper json = new ObjectMapper();
    private final IamAuthenticator authenticator;

    /** Answers with that authenticator. */
    public TokenReviewHandler(IamAuthenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        switch (exchange.rawPath()) {
            case "/healthz" ->
                exchange.respond(200, Headers.of("content-type", "text/plain"), "ok".getBytes(StandardCharsets.UTF_8));
            case "/authenticate" -> authenticate(exchange);
            default -> exchange.respond(404, new Headers());
        }
    }

    private void authenticate(Exchange exchange) throws IOException {
        if (!exchange.method().equals("POST")) {
            exchange.respond(405, new Headers());
            return;
        }
        String version;
        String token;
        try {
            JsonNode review = json.readTree(exchange.body(MAX_BODY));
            version = review == null ? "" : review.path("apiVersion").asText("authentication.k8s.io/v1beta1");
            token = review == null ? "" : review.path("spec").path("token").asText("");
            if (review == null
                    || !review.path("kind").asText("TokenReview").equals("TokenReview")
                    || !VERSIONS.contains(version)
                    || token.isEmpty()) {
                answer(
                        exchange,
                        400,
                        deny("authentication.k8s.io/v1beta1", "not a TokenReview of a supported version"));
                return;
            }
        } catch (BodyTooLargeException | com.fasterxml.jackson.core.JsonProcessingException e) {
            answer(exchange, 400, deny("authentication.k8s.io/v1beta1", "the body is not a TokenReview"));
            return;
        }
        try {
            Identity identity = authenticator.authenticate(token);
            log.atInfo()
                    .addKeyValue("user", identity.username())
                    .addKeyValue("uid", identity.uid())
                    .log("access granted");
            answer(exchange, 200, allow(version, identity));
        } catch (AuthenticationFailure e) {
            log.atWarn()
                    .addKeyValue("kind", e.kind())
                    .addKeyValue("reason", e.getMessage())
                    .log("access denied");
            answer(
                    exchange,
                    e.kind() == AuthenticationFailure.Kind.THROTTLED ? 429 : 403,
                    deny(version, "access denied"));
        }
    }

    private ObjectNode review(String version) {
        ObjectNode review = json.createObjectNode();
        review.put("apiVersion", version).put("kind", "TokenReview").putObject("metadata");
        return review;
    }

    private ObjectNode deny(String version, String error) {
        ObjectNode review = review(version);
        review.putObject("status")
                .put("authenticated", false)
                .put("error", error)
                .putObject("user");
        return review;
    }

    private ObjectNode allow(String version, Identity identity) {
        ObjectNode review = review(version);
        ObjectNode user = review.putObject("status").put("authenticated", true).putObject("user");
        user.put("username", identity.username()).put("uid", identity.uid());
        identity.groups().forEach(user.putArray("groups")::add);
        ObjectNode extra = user.putObject("extra");
        identity.extra().forEach((name, values) -> values.forEach(extra.putArray(name)::add));
        return review;
    }

    private void answer(Exchange exchange, int status, ObjectNode body) throws IOException {
        exchange.respond(status, Headers.of("content-type", "application/json"), json.writeValueAsBytes(body));
    }
}
