package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.request.UnknownFields;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.field.FieldError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What an AuthorizationConfiguration (apiserver.config.k8s.io/v1) says: who is asked, in order. */
public record AuthorizationConfig(List<Entry> entries) {
    /**
     * One who is asked.
     *
     * @param webhook of type Webhook only
     */
    public record Entry(String type, String name, JsonNode webhook) {
        boolean asksWebhook() {
            return type.equals("Webhook");
        }
    }

    private static final String GROUP = "apiserver.config.k8s.io/";
    private static final Set<String> VERSIONS = Set.of("v1alpha1", "v1beta1", "v1");

    /** The fields of each object, by its path without indexes. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "", Set.of("apiVersion", "kind", "authorizers"),
            "authorizers", Set.of("type", "name", "webhook"),
            "authorizers.webhook",
                    Set.of(
                            "authorizedTTL",
                            "cacheAuthorizedRequests",
                            "unauthorizedTTL",
                            "cacheUnauthorizedRequests",
                            "timeout",
                            "subjectAccessReviewVersion",
                            "matchConditionSubjectAccessReviewVersion",
                            "failurePolicy",
                            "connectionInfo",
                            "matchConditions"),
            "authorizers.webhook.connectionInfo", Set.of("type", "kubeConfigFile"),
            "authorizers.webhook.matchConditions", Set.of("expression"));

    public AuthorizationConfig {
        entries = List.copyOf(entries);
    }

    /**
     * Reads and checks a file.
     *
     * @param required types that must be among them
     * @param durations reads a duration such as 3s
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    static AuthorizationConfig parse(byte[] text, Set<String> required, Function<String, Duration> durations) {
        var root = read(text);
        var errors = AuthorizationValidation.check(root, durations);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(FieldError.aggregate(errors));
        }
        var entries = new ArrayList<Entry>();
        var problems = new ArrayList<String>();
        var missing = new TreeSet<>(required);
        for (var node : root.path("authorizers")) {
            var entry = new Entry(node.path("type").asText(), node.path("name").asText(), node.path("webhook"));
            entries.add(entry);
            missing.remove(entry.type());
            String expected = entry.type().toLowerCase(Locale.ROOT);
            if (!entry.asksWebhook() && !entry.name().equals(expected)) {
                problems.add("expected name " + expected + " for authorizer " + entry.type() + " instead of "
                        + entry.name());
            }
        }
        if (!missing.isEmpty()) {
            problems.add("missing required types: [" + String.join(" ", missing) + "]");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
        }
        return new AuthorizationConfig(entries);
    }

    private static JsonNode read(byte[] text) {
        try {
            var root = Yaml.parse(text).root();
            String version = root.path("apiVersion").asText("");
            if (!root.path("kind").asText("").equals("AuthorizationConfiguration")
                    || !version.startsWith(GROUP)
                    || !VERSIONS.contains(version.substring(GROUP.length()))) {
                throw new IllegalArgumentException(
                        "failed to load AuthorizationConfiguration from file: expected AuthorizationConfiguration of "
                                + GROUP + "v1, got " + root.path("kind").asText("") + " of " + version);
            }
            var unknown = new ArrayList<String>();
            UnknownFields.look(root, "", "", FIELDS, unknown);
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        "failed to load AuthorizationConfiguration from file: strict decoding error: "
                                + String.join(", ", unknown));
            }
            return root;
        } catch (DecodeException e) {
            throw new IllegalArgumentException(
                    "failed to load AuthorizationConfiguration from file: " + e.getMessage(), e);
        }
    }
}
