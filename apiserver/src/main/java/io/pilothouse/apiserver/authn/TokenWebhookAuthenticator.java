package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.apiserver.webhook.WebhookClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a webhook whose a bearer token is: authentication.k8s.io TokenReview, v1 or v1beta1. Answers are kept for a while under the token's
 * hash, refusals too; a webhook that cannot be asked is an error and not kept. Safe for many threads.
 */
public final class TokenWebhookAuthenticator implements Authenticator {
    private static final int MAX_KEPT = 4096;

    private final WebhookClient webhook;
    private final String version;
    private final List<String> audiences;
    private final Cache<String, Answer> kept;

    private record Answer(Optional<UserInfo> user, String error) {}

    /**
     * @param version v1 or v1beta1
     * @param audiences a user that the webhook vouches for must be meant for one of them, where it says for whom; empty for any
     * @param keep how long an answer holds; zero for not at all
     */
    public TokenWebhookAuthenticator(WebhookClient webhook, String version, List<String> audiences, Duration keep) {
        this.webhook = webhook;
        this.version = version;
        this.audiences = List.copyOf(audiences);
        this.kept = Caffeine.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfterWrite(keep)
                .build();
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        if (credentials.bearerToken().isEmpty()) {
            return Optional.empty();
        }
        String token = credentials.bearerToken().get();
        String key = HexFormat.of().formatHex(Digests.sha256(token.getBytes(StandardCharsets.UTF_8)));
        var answer = kept.getIfPresent(key);
        if (answer == null) {
            answer = ask(token);
            kept.put(key, answer);
        }
        if (answer.user().isEmpty() && !answer.error().isEmpty()) {
            throw new InvalidCredentialException(answer.error());
        }
        return answer.user();
    }

    private Answer ask(String token) throws InvalidCredentialException {
        var review = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "TokenReview")
                .put("apiVersion", "authentication.k8s.io/" + version);
        review.putObject("metadata");
        var spec = review.putObject("spec").put("token", token);
        audiences.forEach(spec.withArrayProperty("audiences")::add);
        try {
            return judged(webhook.call(review).path("status"));
        } catch (IOException e) {
            throw new InvalidCredentialException("the token could not be reviewed: " + e.getMessage(), e);
        }
    }

    private Answer judged(JsonNode status) {
        if (!status.path("authenticated").asBoolean()) {
            return new Answer(Optional.empty(), status.path("error").asText(""));
        }
        var meant = strings(status.path("audiences"));
        if (!meant.isEmpty() && !audiences.isEmpty() && meant.stream().noneMatch(Set.copyOf(audiences)::contains)) {
            return new Answer(Optional.empty(), "the token is for the audiences " + meant);
        }
        var user = status.path("user");
        var extra = new HashMap<String, List<String>>();
        if (user.path("extra") instanceof ObjectNode facts) {
            facts.properties().forEach(fact -> extra.put(fact.getKey(), strings(fact.getValue())));
        }
        var info = new UserInfo(
                user.path("username").asText(""),
                user.path("uid").asText(""),
                strings(user.path("groups")),
                Map.copyOf(extra));
        return new Answer(Optional.of(info.withGroup(UserInfo.ALL_AUTHENTICATED)), "");
    }

    private static List<String> strings(JsonNode array) {
        var out = new ArrayList<String>();
        array.forEach(value -> out.add(value.asText()));
        return out;
    }
}
