package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Moves what many operations of a version 2 document repeat into its {@code parameters}, under upstream's names: the parameter's own and a
 * hash of what it says. What old clients look for in the operations themselves stays there.
 */
final class SharedParameters {
    private static final String GENERIC = "#/definitions/io.k8s.apimachinery";
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Map<String, ObjectNode> byName = new TreeMap<>();

    private SharedParameters() {}

    /** Changes the document in place. */
    static void extract(ObjectNode document) {
        var shared = new SharedParameters();
        document.path("paths").forEach(path -> {
            shared.replace(path);
            path.forEach(operation -> {
                if (operation.isObject()) {
                    shared.replace(operation);
                }
            });
        });
        var parameters = JsonNodeFactory.instance.objectNode();
        shared.byName.forEach(parameters::set);
        if (!parameters.isEmpty()) {
            document.set("parameters", parameters);
        }
    }

    private void replace(JsonNode holder) {
        if (holder.path("parameters") instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) instanceof ObjectNode parameter && isShared(parameter)) {
                    String name = name(parameter);
                    byName.putIfAbsent(name, parameter);
                    list.set(i, JsonNodeFactory.instance.objectNode().put("$ref", "#/parameters/" + name));
                }
            }
        }
    }

    private static boolean isShared(ObjectNode parameter) {
        if (parameter.has("$ref")) {
            return false;
        }
        return switch (parameter.path("name").asText()) {
            case "name" -> false;
            case "dryRun", "fieldValidation" -> !parameter.path("in").asText().equals("query");
            case "body" -> parameter.at("/schema/$ref").asText().startsWith(GENERIC);
            default -> true;
        };
    }

    private static String name(ObjectNode parameter) {
        return parameter.path("name").asText() + "-" + hash(Json.text(inGoOrder(parameter)));
    }

    /** The text that the hash is of is what Go writes of the parameter: its fields in the order of Go's structs. */
    private static ObjectNode inGoOrder(ObjectNode parameter) {
        var out = JsonNodeFactory.instance.objectNode();
        for (String field : new String[] {"uniqueItems", "type", "description", "name", "in", "required", "schema"}) {
            if (parameter.has(field)) {
                out.set(field, parameter.get(field));
            }
        }
        return out;
    }

    private static String hash(String text) {
        long hash = FNV_BASIS;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash * FNV_PRIME) ^ (b & 0xff);
        }
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(hash).array();
        return Base64.getUrlEncoder().encodeToString(java.util.Arrays.copyOf(bytes, 6));
    }
}
