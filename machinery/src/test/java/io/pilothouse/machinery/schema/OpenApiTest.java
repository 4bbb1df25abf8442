package io.pilothouse.machinery.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.Shared;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final List<String> SERVER_ONLY = List.of("x-kubernetes-group-version-kind", "description");
    private final BuiltInTypes types = BuiltInTypes.load();

    private Map<String, ObjectNode> ours(OpenApi.Version version) {
        OpenApi openApi = new OpenApi(version, Descriptions.load());
        TreeMap<String, ObjectNode> out = new TreeMap<>();
        types.all().forEach(t -> out.putAll(openApi.closure(t)));
        return out;
    }

    private static void compare(Map<String, ObjectNode> ours, JsonNode theirs, Set<String> wrong) {
        theirs.properties().forEach(e -> {
            // an alias of the v1 type, with a name of its own
            boolean alias = e.getKey().endsWith("v1alpha1.MutatingAdmissionPolicySpec");
            if (ours.containsKey(e.getKey())
                    && !alias
                    && !stripped(ours.get(e.getKey())).equals(stripped(e.getValue()))) {
                wrong.add(e.getKey() + "\n  " + stripped(ours.get(e.getKey())) + "\n  " + stripped(e.getValue()));
            }
        });
    }

    private static JsonNode stripped(JsonNode schema) {
        ObjectNode out = (ObjectNode) Json.sorted(schema);
        out.remove(SERVER_ONLY);
        for (JsonNode property : out.path("properties")) {
            ObjectNode node = (ObjectNode) property;
            node.remove("description");
            node.remove("enum");
            if (node.path("items") instanceof ObjectNode items) {
                items.remove("enum");
            }
            // upstream wraps a reference only where something stands beside it, a description mostly
            if (node.has("$ref") && node.path("$ref").asText().contains("components")) {
                node.putArray("allOf").addObject().set("$ref", node.remove("$ref"));
            }
        }
        return Json.tree(Json.write(out));
    }

    @Test
    void writesVersion2() throws IOException {
        Optional<Path> file = Shared.find("upstream/openapi/v2.json");
        if (file.isPresent()) {
            Set<String> wrong = new TreeSet<>();
            compare(
                    ours(OpenApi.Version.V2),
                    Json.tree(Files.readAllBytes(file.get())).path("definitions"),
                    wrong);
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void writesVersion3() throws IOException {
        Optional<Path> folder = Shared.find("upstream/openapi/v3");
        if (folder.isPresent()) {
            Map<String, ObjectNode> ours = ours(OpenApi.Version.V3);
            Set<String> wrong = new TreeSet<>();
            try (Stream<Path> files = Files.list(folder.get())) {
                for (Path file : files.toList()) {
                    compare(ours, Json.tree(Files.readAllBytes(file)).at("/components/schemas"), wrong);
                }
            }
            assertThat(wrong).isEmpty();
        }
    }
}
