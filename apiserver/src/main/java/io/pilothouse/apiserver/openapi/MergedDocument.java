package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Adds to a version 2 document what another server's says of a group version: its paths, and the definitions that they need. One whose
 * name is taken by another definition gets a number behind it, as upstream gives it.
 */
final class MergedDocument {
    private static final String DEFINITIONS = "#/definitions/";
    private static final String PARAMETERS = "#/parameters/";

    private MergedDocument() {}

    static void add(ObjectNode document, ObjectNode other, GroupVersion version) {
        String prefix = "/apis/" + version.apiVersion() + "/";
        var paths = document.withObjectProperty("paths");
        var chosen = new HashMap<String, JsonNode>();
        other.path("paths").properties().forEach(path -> {
            if (path.getKey().startsWith(prefix) && !paths.has(path.getKey())) {
                chosen.put(path.getKey(), path.getValue().deepCopy());
            }
        });
        chosen.values().forEach(path -> inline(path, other));
        var needed = new HashSet<String>();
        chosen.values().forEach(path -> collect(path, other, needed));
        var definitions = document.withObjectProperty("definitions");
        var names = names(definitions, other, needed);
        chosen.forEach((path, item) -> {
            rename(item, names);
            paths.set(path, item);
        });
        names.forEach((name, free) -> {
            if (!definitions.has(free)) {
                var definition = other.path("definitions").path(name).deepCopy();
                rename(definition, names);
                definitions.set(free, definition);
            }
        });
    }

    /** Puts shared parameters where they are used: the other document's are not taken over. */
    private static void inline(JsonNode node, ObjectNode other) {
        if (node.path("parameters") instanceof com.fasterxml.jackson.databind.node.ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                String reference = list.get(i).path("$ref").asText();
                if (reference.startsWith(PARAMETERS)) {
                    list.set(
                            i,
                            other.path("parameters")
                                    .path(reference.substring(PARAMETERS.length()))
                                    .deepCopy());
                }
            }
        }
        node.forEach(child -> {
            if (child.isObject()) {
                inline(child, other);
            }
        });
    }

    private static void collect(JsonNode node, ObjectNode other, Set<String> needed) {
        String reference = node.path("$ref").asText();
        if (reference.startsWith(DEFINITIONS) && needed.add(reference.substring(DEFINITIONS.length()))) {
            collect(other.path("definitions").path(reference.substring(DEFINITIONS.length())), other, needed);
        }
        node.forEach(child -> collect(child, other, needed));
    }

    private static Map<String, String> names(ObjectNode definitions, ObjectNode other, Set<String> needed) {
        var out = new HashMap<String, String>();
        for (String name : needed) {
            var definition = other.path("definitions").path(name);
            String free = name;
            for (int i = 2;
                    definitions.has(free) && !definitions.path(free).equals(definition) && !isCommon(name);
                    i++) {
                free = name + "_v" + i;
            }
            out.put(name, free);
        }
        return out;
    }

    /** Types of the machinery are the same everywhere, whatever was written of them. */
    private static boolean isCommon(String name) {
        return name.startsWith("io.k8s.apimachinery.");
    }

    private static void rename(JsonNode node, Map<String, String> names) {
        if (node instanceof ObjectNode object) {
            String reference = object.path("$ref").asText();
            if (reference.startsWith(DEFINITIONS)) {
                String name = reference.substring(DEFINITIONS.length());
                object.set("$ref", TextNode.valueOf(DEFINITIONS + names.getOrDefault(name, name)));
            }
        }
        node.forEach(child -> rename(child, names));
    }
}
