package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.hooks.HookCall;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Asks a webhook to convert (apiextensions.k8s.io ConversionReview). Of the metadata it may change labels and annotations only. */
final class WebhookConversion implements Conversion {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final DefinitionSpec spec;
    private final HookCall hook;
    private final String reviewVersion;

    WebhookConversion(DefinitionSpec spec, ClusterView cluster, ClientMetrics metrics) {
        this.spec = spec;
        var webhook = spec.spec().path("conversion").path("webhook");
        this.hook = new HookCall(webhook.path("clientConfig"), cluster, metrics, TIMEOUT);
        this.reviewVersion = Trees.strings(webhook.path("conversionReviewVersions")).stream()
                .filter(List.of("v1", "v1beta1")::contains)
                .findFirst()
                .orElse("v1");
    }

    @Override
    public boolean remote() {
        return true;
    }

    @Override
    public ObjectNode convert(ObjectNode object, String from, String to) {
        try {
            return checked(object, ask(object, to), to);
        } catch (IOException e) {
            throw StatusException.of(
                    500, "", "conversion webhook for " + spec.kindIn(from) + " failed: " + e.getMessage());
        }
    }

    private JsonNode ask(ObjectNode object, String to) throws IOException {
        String uid = UUID.randomUUID().toString();
        var review = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "ConversionReview")
                .put("apiVersion", "apiextensions.k8s.io/" + reviewVersion);
        var request = review.putObject("request").put("uid", uid).put("desiredAPIVersion", spec.group() + "/" + to);
        request.putArray("objects").add(object);
        var answer = hook.post(review);
        var response = answer.path("response");
        if (!answer.path("apiVersion").equals(review.path("apiVersion"))
                || !answer.path("kind").equals(review.path("kind"))) {
            throw new IOException("expected webhook response of "
                    + review.path("apiVersion").asText() + ", Kind=ConversionReview, got "
                    + answer.path("apiVersion").asText() + ", Kind="
                    + answer.path("kind").asText());
        }
        if (!response.path("uid").asText().equals(uid)) {
            throw new IOException("expected response.uid=\"" + uid + "\", got \""
                    + response.path("uid").asText() + "\"");
        }
        var result = response.path("result");
        if (!result.path("status").asText().equals("Success")) {
            throw new IOException(
                    result.path("message").asText().isEmpty()
                            ? "response.result.status was '"
                                    + result.path("status").asText() + "', not 'Success'"
                            : result.path("message").asText());
        }
        var converted = response.path("convertedObjects");
        if (converted.size() != 1) {
            throw new IOException("webhook returned " + converted.size() + " objects, expected 1");
        }
        return converted.get(0);
    }

    private ObjectNode checked(ObjectNode object, JsonNode answer, String to) throws IOException {
        if (!(answer instanceof ObjectNode converted)
                || !converted.path("metadata").isObject()) {
            throw new IOException("invalid converted object: no metadata");
        }
        String apiVersion = spec.group() + "/" + to;
        if (!converted.path("apiVersion").asText().equals(apiVersion)
                || !converted.path("kind").equals(object.path("kind"))) {
            throw new IOException("invalid converted object at index 0: invalid groupVersion (expected " + apiVersion
                    + ", received " + converted.path("apiVersion").asText() + ")");
        }
        for (String field : List.of("name", "namespace", "uid")) {
            if (!Objects.equals(
                    object.path("metadata").get(field),
                    converted.path("metadata").get(field))) {
                throw new IOException("must have the same " + field);
            }
        }
        var metadata = ObjectMeta.of(object).deepCopy();
        for (String field : List.of("labels", "annotations")) {
            var value = converted.path("metadata").get(field);
            if (value == null || value.isNull()) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
        converted.set("metadata", metadata);
        return converted;
    }
}
