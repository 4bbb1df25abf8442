package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.request.UnknownFields;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Yaml;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;

/** Reads an AuthenticationConfiguration; what is not known there is refused. */
final class ConfigurationFile {
    private static final String GROUP = "apiserver.config.k8s.io/";
    private static final Set<String> VERSIONS = Set.of("v1alpha1", "v1beta1", "v1");
    private static final Set<String> MAPPING = Set.of("claim", "prefix", "expression");

    /** The fields of each object, by its path without indexes. */
    private static final Map<String, Set<String>> FIELDS = Map.ofEntries(
            Map.entry("", Set.of("apiVersion", "kind", "jwt", "anonymous")),
            Map.entry("anonymous", Set.of("enabled", "conditions")),
            Map.entry("anonymous.conditions", Set.of("path")),
            Map.entry("jwt", Set.of("issuer", "claimValidationRules", "claimMappings", "userValidationRules")),
            Map.entry(
                    "jwt.issuer",
                    Set.of(
                            "url",
                            "discoveryURL",
                            "certificateAuthority",
                            "audiences",
                            "audienceMatchPolicy",
                            "egressSelectorType")),
            Map.entry("jwt.claimValidationRules", Set.of("claim", "requiredValue", "expression", "message")),
            Map.entry("jwt.userValidationRules", Set.of("expression", "message")),
            Map.entry("jwt.claimMappings", Set.of("username", "groups", "uid", "extra")),
            Map.entry("jwt.claimMappings.username", MAPPING),
            Map.entry("jwt.claimMappings.groups", MAPPING),
            Map.entry("jwt.claimMappings.uid", Set.of("claim", "expression")),
            Map.entry("jwt.claimMappings.extra", Set.of("key", "valueExpression")));

    private ConfigurationFile() {}

    /** @throws IllegalArgumentException for another kind or unknown fields */
    static JsonNode parse(byte[] text) {
        try {
            var root = Yaml.parse(text).root();
            String version = root.path("apiVersion").asText("");
            if (!root.path("kind").asText("").equals("AuthenticationConfiguration")
                    || !version.startsWith(GROUP)
                    || !VERSIONS.contains(version.substring(GROUP.length()))) {
                throw new IllegalArgumentException("expected AuthenticationConfiguration of " + GROUP + "v1, got "
                        + root.path("kind").asText("") + " of " + version);
            }
            var unknown = new ArrayList<String>();
            UnknownFields.look(root, "", "", FIELDS, unknown);
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("strict decoding error: " + String.join(", ", unknown));
            }
            return root;
        } catch (DecodeException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }
}
