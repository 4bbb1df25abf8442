package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.apiserver.webhook.WebhookClient;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeMap;

/**
 * Asks a webhook: authorization.k8s.io SubjectAccessReview, v1 or v1beta1. Answers are kept for a while, yes and no for times of their own; a webhook
 * that cannot be asked has no opinion, which is not kept. Safe for use by many threads.
 */
public final class WebhookAuthorizer implements Authorizer {
    private static final int MOST_KEPT = 8192;

    /** Who asks at greater length is not worth the room. */
    private static final int LONGEST_KEPT = 10_000;

    /** Asks the webhook. */
    @FunctionalInterface
    public interface Caller {
        ObjectNode call(ObjectNode review) throws IOException;
    }

    /**
     * How long answers hold; zero for not at all.
     *
     * @param allowed of a yes
     * @param refused of a no or of no opinion
     */
    public record Keep(Duration allowed, Duration refused) {}

    private final Caller webhook;
    private final String version;
    private final Keep keep;
    private final Cache<String, Decision> kept;

    /** @param version v1 or v1beta1 */
    public WebhookAuthorizer(Caller webhook, String version, Keep keep) {
        this.webhook = webhook;
        this.version = version;
        this.keep = keep;
        this.kept = Caffeine.newBuilder()
                .maximumSize(MOST_KEPT)
                .expireAfter(Expiry.<String, Decision>creating((question, decision) -> lifetime(decision)))
                .build();
    }

    public static WebhookAuthorizer of(WebhookClient webhook, String version, Keep keep) {
        return new WebhookAuthorizer(webhook::call, version, keep);
    }

    private Duration lifetime(Decision decision) {
        return decision.allowed() ? keep.allowed() : keep.refused();
    }

    @Override
    public Decision authorize(Attributes attributes) {
        var spec = spec(attributes);
        String question = Json.text(spec);
        var known = kept.getIfPresent(question);
        if (known != null) {
            return known;
        }
        try {
            var decision = judged(ask(spec).path("status"));
            if (question.length() <= LONGEST_KEPT && decision.error().isEmpty()) {
                kept.put(question, decision);
            }
            return decision;
        } catch (IOException e) {
            return Decision.noOpinion("").withError(String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode ask(ObjectNode spec) throws IOException {
        var review = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "SubjectAccessReview")
                .put("apiVersion", "authorization.k8s.io/" + version);
        review.putObject("metadata");
        review.set("spec", spec);
        review.putObject("status").put("allowed", false);
        return webhook.call(review);
    }

    private static Decision judged(JsonNode status) {
        String reason = status.path("reason").asText("");
        boolean allowed = status.path("allowed").asBoolean();
        boolean denied = status.path("denied").asBoolean();
        if (allowed && denied) {
            return Decision.deny(reason)
                    .withError("webhook subject access review returned both allow and deny response");
        }
        return denied ? Decision.deny(reason) : allowed ? Decision.allow(reason) : Decision.noOpinion(reason);
    }

    private ObjectNode spec(Attributes attributes) {
        var spec = JsonNodeFactory.instance.objectNode();
        if (attributes.resourceRequest()) {
            var resource = spec.putObject("resourceAttributes");
            put(resource, "namespace", attributes.namespace());
            put(resource, "verb", attributes.verb());
            put(resource, "group", attributes.group());
            put(resource, "version", attributes.version());
            put(resource, "resource", attributes.resource());
            put(resource, "subresource", attributes.subresource());
            put(resource, "name", attributes.name());
            selector(resource, "fieldSelector", attributes.fields());
            selector(resource, "labelSelector", attributes.labels());
        } else {
            var path = spec.putObject("nonResourceAttributes");
            put(path, "path", attributes.path());
            put(path, "verb", attributes.verb());
        }
        user(spec, attributes.user());
        return spec;
    }

    private void user(ObjectNode spec, UserInfo user) {
        put(spec, "user", user.name());
        if (!user.groups().isEmpty()) {
            user.groups().forEach(spec.putArray(version.equals("v1") ? "groups" : "group")::add);
        }
        if (!user.extra().isEmpty()) {
            var extra = spec.putObject("extra");
            new TreeMap<>(user.extra()).forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        }
        put(spec, "uid", user.uid());
    }

    static void selector(ObjectNode resource, String name, SelectorTerms terms) {
        if (terms.requirements().isEmpty()) {
            return;
        }
        var requirements = resource.putObject(name).putArray("requirements");
        for (var term : terms.requirements()) {
            String operator = switch (term.operator()) {
                case IN, EQUALS, DOUBLE_EQUALS -> "In";
                case NOT_IN, NOT_EQUALS -> "NotIn";
                case EXISTS -> "Exists";
                case DOES_NOT_EXIST -> "DoesNotExist";
                // What the review has no word for is left out, which asks for more.
                case GREATER, LESS -> "";
            };
            if (!operator.isEmpty()) {
                var requirement =
                        requirements.addObject().put("key", term.key()).put("operator", operator);
                if (!term.values().isEmpty()) {
                    term.values().forEach(requirement.putArray("values")::add);
                }
            }
        }
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
