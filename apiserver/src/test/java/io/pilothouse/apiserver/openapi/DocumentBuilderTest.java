package io.pilothouse.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares the documents with those that upstream publishes, but for descriptions and the values that fields may have:
 * these come out of other sources. */
class DocumentBuilderTest {
    /** These say that a Status is answered where the object is. */
    private static final List<String> WRONG_UPSTREAM = List.of(
            "/v1/namespaces/{name}|delete",
            "/replicationcontrollers/{name}|delete",
            "/ipaddresses/{name}|delete",
            "/csistoragecapacities/{name}|delete");

    private final BuiltInTypes types = BuiltInTypes.load();
    private final Catalog catalog = BuiltInResources.catalog(BuiltInResources.schemas(types));

    private static Optional<Path> published(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("shared/upstream/openapi").resolve(name);
            if (Files.exists(found)) {
                return Optional.of(found);
            }
        }
        System.out.println("skipped: upstream's OpenAPI (shared/upstream) is not beside this checkout");
        return Optional.empty();
    }

    /** Without descriptions, and without the form of content that only a feature gate turns on. */
    private static JsonNode comparable(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(object.propertyStream()
                    .map(java.util.Map.Entry::getKey)
                    .filter(k -> k.contains("cbor"))
                    .toList());
            if (object.path("description").isTextual()) {
                object.remove("description");
            }
            // What upstream publishes in its repository leaves out the values that its servers tell.
            if (object.path("enum").isArray()) {
                object.remove("enum");
            }
            if (object.size() == 1 && object.has("$ref")) {
                return object;
            }
            object.forEach(DocumentBuilderTest::comparable);
        } else if (node instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                if (array.get(i).asText().contains("cbor")) {
                    array.remove(i);
                } else {
                    comparable(array.get(i));
                }
            }
        }
        return node;
    }

    private static void compare(String where, JsonNode ours, JsonNode theirs, Set<String> wrong) {
        if (ours.isObject() && theirs.isObject()) {
            ours.properties().forEach(e -> {
                if (!theirs.has(e.getKey())) {
                    wrong.add(where + "|" + e.getKey() + " is ours alone");
                }
            });
            theirs.properties().forEach(e -> {
                if (!ours.has(e.getKey())) {
                    wrong.add(where + "|" + e.getKey() + " is missing");
                } else {
                    compare(where + "|" + e.getKey(), ours.get(e.getKey()), e.getValue(), wrong);
                }
            });
        } else if (!ours.equals(theirs) && WRONG_UPSTREAM.stream().noneMatch(where::contains)) {
            wrong.add(where + ": " + ours + " is not " + theirs);
        }
    }

    @Test
    void version3IsWhatUpstreamPublishes() throws IOException {
        var builder = new DocumentBuilder(types);
        var wrong = new TreeSet<String>();
        for (GroupVersion version : catalog.versions().keySet()) {
            String name = version.group().isEmpty()
                    ? "api__v1"
                    : "apis__" + version.apiVersion().replace("/", "__");
            var file = published("v3/" + name + "_openapi.json");
            if (file.isPresent()) {
                var theirs = comparable(Json.tree(Files.readAllBytes(file.get())));
                var ours = comparable(Json.tree(Json.write(builder.version3(
                        version, catalog.versions().get(version).values()))));
                keep(ours, theirs);
                compare(name, ours.path("paths"), theirs.path("paths"), wrong);
                schemas(name, ours.at("/components/schemas"), theirs.at("/components/schemas"), wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Upstream wraps a reference only where something stands beside it, a description mostly, and there ours may have none. */
    private static void schemas(String where, JsonNode ours, JsonNode theirs, Set<String> wrong) {
        for (var entry : ours.properties()) {
            for (JsonNode side : List.of(entry.getValue(), theirs.path(entry.getKey()))) {
                for (JsonNode property : side.path("properties")) {
                    if (property.has("$ref")) {
                        var node = (ObjectNode) property;
                        node.putArray("allOf").addObject().set("$ref", node.remove("$ref"));
                    }
                }
            }
            compare(where + "|" + entry.getKey(), entry.getValue(), theirs.path(entry.getKey()), wrong);
        }
    }

    /** Leaves out what upstream has and the catalogue has not yet: the paths of other resources. */
    private static void keep(JsonNode ours, JsonNode theirs) {
        var paths = (ObjectNode) theirs.path("paths");
        paths.remove(paths.propertyStream()
                .map(java.util.Map.Entry::getKey)
                .filter(p -> !ours.path("paths").has(p))
                .toList());
    }

    @Test
    void version2IsWhatUpstreamPublishes() throws IOException {
        var file = published("v2.json");
        if (file.isEmpty()) {
            return;
        }
        var builder = new DocumentBuilder(types);
        var operations = catalog.versions().entrySet().stream()
                .flatMap(e -> builder.operations(e.getKey(), e.getValue().values()).stream())
                .toList();
        var wrong = new TreeSet<String>();
        var ours = comparable(Json.tree(Json.write(inline(builder.version2(operations, List.of())))));
        var theirs = comparable(inline((ObjectNode) Json.tree(Files.readAllBytes(file.get()))));
        keep(ours, theirs);
        compare("v2", ours.path("paths"), theirs.path("paths"), wrong);
        for (var entry : ours.path("definitions").properties()) {
            compare(
                    "v2|" + entry.getKey(),
                    entry.getValue(),
                    theirs.path("definitions").path(entry.getKey()),
                    wrong);
        }
        assertThat(wrong).isEmpty();
    }

    /** Puts shared parameters back where they are used: their names depend on their descriptions. */
    private static ObjectNode inline(ObjectNode document) {
        var parameters = document.path("parameters");
        document.path("paths").forEach(path -> {
            inline(path.path("parameters"), parameters);
            path.forEach(operation -> inline(operation.path("parameters"), parameters));
        });
        return document;
    }

    private static void inline(JsonNode list, JsonNode parameters) {
        if (list instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String reference = array.get(i).path("$ref").asText();
                if (!reference.isEmpty()) {
                    array.set(
                            i,
                            parameters
                                    .get(reference.substring("#/parameters/".length()))
                                    .deepCopy());
                }
            }
        }
    }
}
