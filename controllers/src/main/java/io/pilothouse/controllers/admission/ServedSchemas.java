package io.pilothouse.controllers.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Requests;
import io.pilothouse.machinery.codec.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The schemas that an API server publishes, with every reference filled in. Each document is read once; for one thread and one use. */
final class ServedSchemas {
    private static final String REFERENCE = "#/components/schemas/";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final KubernetesClient client;
    private final Map<String, JsonNode> documents = new HashMap<>();

    ServedSchemas(KubernetesClient client) {
        this.client = client;
    }

    /** The schema of a kind; empty where none is published. */
    Optional<JsonNode> find(ServedType type) {
        JsonNode schemas = documents.computeIfAbsent(
                type.group().isEmpty() ? "/api/" + type.version() : "/apis/" + type.group() + "/" + type.version(),
                this::read);
        for (var entry : schemas.properties()) {
            for (var kind : entry.getValue().path("x-kubernetes-group-version-kind")) {
                if (kind.path("group").asText().equals(type.group())
                        && kind.path("version").asText().equals(type.version())
                        && kind.path("kind").asText().equals(type.kind())) {
                    var open = new HashSet<String>(Set.of(entry.getKey()));
                    return Optional.of(filled(entry.getValue(), schemas, open));
                }
            }
        }
        return Optional.empty();
    }

    private JsonNode read(String path) {
        try {
            return Json.tree(Requests.get(client, "/openapi/v3" + path))
                    .path("components")
                    .path("schemas");
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
            return NODES.missingNode();
        }
    }

    /** What a schema refers to stands in its place; a schema within itself is an object of any kind. */
    private static JsonNode filled(JsonNode schema, JsonNode schemas, Set<String> open) {
        String reference = reference(schema);
        if (!reference.isEmpty()) {
            if (!open.add(reference)) {
                return NODES.objectNode().put("type", "object");
            }
            JsonNode out = filled(schemas.path(reference), schemas, open);
            open.remove(reference);
            return out;
        }
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode out = NODES.objectNode();
        out.setAll(object);
        // Kinds of the server's own say it by the format, custom ones by the extension.
        if (schema.path("format").asText().equals("int-or-string")) {
            out.put("x-kubernetes-int-or-string", true);
        }
        if (schema.path("properties") instanceof ObjectNode properties) {
            ObjectNode all = out.putObject("properties");
            properties.properties().forEach(e -> all.set(e.getKey(), filled(e.getValue(), schemas, open)));
        }
        for (String inner : new String[] {"additionalProperties", "items"}) {
            if (schema.path(inner).isObject()) {
                out.set(inner, filled(schema.path(inner), schemas, open));
            }
        }
        return out;
    }

    private static String reference(JsonNode schema) {
        String direct = schema.path("$ref").asText("");
        if (direct.startsWith(REFERENCE)) {
            return direct.substring(REFERENCE.length());
        }
        for (JsonNode part : schema.path("allOf")) {
            String inner = reference(part);
            if (!inner.isEmpty()) {
                return inner;
            }
        }
        return "";
    }
}
