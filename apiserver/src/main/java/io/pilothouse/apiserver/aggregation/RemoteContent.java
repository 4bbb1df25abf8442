package io.pilothouse.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What another server said of a version that it serves.
 *
 * @param resources in the form of aggregated discovery
 * @param openApiUrl where its OpenAPI v3 document lies, with a hash; empty where it has none
 */
record RemoteContent(List<ObjectNode> resources, String openApiUrl) {
    RemoteContent {
        resources = List.copyOf(resources);
    }

    /** Reads an {@code APIResourceList}; subresources go below their resources. */
    static List<ObjectNode> resources(JsonNode list, GroupVersion version) {
        Map<String, ObjectNode> out = new LinkedHashMap<>();
        for (JsonNode entry : list.path("resources")) {
            String name = entry.path("name").asText();
            if (name.indexOf('/') < 0) {
                out.put(name, resource(entry, version));
            }
        }
        for (JsonNode entry : list.path("resources")) {
            String name = entry.path("name").asText();
            int slash = name.indexOf('/');
            ObjectNode parent = slash < 0 ? null : out.get(name.substring(0, slash));
            if (parent != null) {
                ObjectNode sub = parent.withArrayProperty("subresources").addObject();
                sub.put("subresource", name.substring(slash + 1));
                kind(sub, entry, version);
                copy(sub, entry, "verbs");
            }
        }
        return List.copyOf(out.values());
    }

    private static ObjectNode resource(JsonNode entry, GroupVersion version) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("resource", entry.path("name").asText());
        kind(out, entry, version);
        out.put("scope", entry.path("namespaced").asBoolean() ? "Namespaced" : "Cluster")
                .put("singularResource", entry.path("singularName").asText());
        copy(out, entry, "verbs");
        copy(out, entry, "shortNames");
        copy(out, entry, "categories");
        return out;
    }

    private static void kind(ObjectNode out, JsonNode entry, GroupVersion version) {
        out.putObject("responseKind")
                .put("group", entry.path("group").asText(version.group()))
                .put("version", entry.path("version").asText(version.version()))
                .put("kind", entry.path("kind").asText());
    }

    private static void copy(ObjectNode out, JsonNode entry, String field) {
        if (entry.path(field) instanceof ArrayNode list && !list.isEmpty()) {
            out.set(field, list.deepCopy());
        }
    }
}
