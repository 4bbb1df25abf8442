package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;

/**
 * What a CustomResourceDefinition says of what is to be served: its spec, under the names that were accepted.
 *
 * @param spec the whole spec, for what is looked at later
 * @param versions all versions, those that are not served too
 */
record DefinitionSpec(
        String group,
        String plural,
        String singular,
        String kind,
        String listKind,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        boolean preservesUnknown,
        JsonNode spec,
        List<Version> versions) {

    /** A version, as it stands in the spec. */
    record Version(String name, boolean served, boolean storage, JsonNode node) {
        JsonNode openApi() {
            return node.path("schema").path("openAPIV3Schema");
        }
    }

    static DefinitionSpec of(ObjectNode definition) {
        var spec = definition.path("spec");
        var names = definition.path("status").path("acceptedNames");
        var versions = new ArrayList<Version>();
        for (var version : spec.path("versions")) {
            versions.add(new Version(
                    version.path("name").asText(),
                    version.path("served").asBoolean(),
                    version.path("storage").asBoolean(),
                    version));
        }
        return new DefinitionSpec(
                spec.path("group").asText(),
                names.path("plural").asText(),
                names.path("singular").asText(),
                names.path("kind").asText(),
                names.path("listKind").asText(),
                Trees.strings(names.path("shortNames")),
                Trees.strings(names.path("categories")),
                spec.path("scope").asText().equals("Namespaced"),
                spec.path("preserveUnknownFields").asBoolean(),
                spec,
                List.copyOf(versions));
    }

    Version storageVersion() {
        return versions.stream()
                .filter(Version::storage)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(plural + "." + group + " has no storage version"));
    }

    GroupVersionKind kindIn(String version) {
        return new GroupVersionKind(group, version, kind);
    }
}
