package io.pilothouse.machinery.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.Shared;
import io.pilothouse.machinery.codec.CustomResourceReader;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.patch.JsonPatch;
import io.pilothouse.machinery.patch.MergePatch;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.CustomResourceSchema;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays the recorded apply cases, as far as they need no defaults, against a server of a map and compares owners, data and conflicts. */
class RecordedApplyTest {
    private static final BuiltInTypes TYPES = BuiltInTypes.load();
    private final Map<String, ObjectNode> objects = new HashMap<>();
    private CustomResourceSchema custom;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        Optional<Path> folder = Shared.find("compat/cases/apply");
        if (folder.isEmpty()) {
            return Stream.empty();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (String file :
                List.of("basics", "conflicts", "structure", "custom-resources", "managed-fields", "errors")) {
            for (JsonNode recorded : Json.tree(Files.readAllBytes(folder.get().resolve(file + ".json")))) {
                tests.add(DynamicTest.dynamicTest(
                        recorded.path("name").asText(), () -> new RecordedApplyTest().play(recorded)));
            }
        }
        return tests.stream();
    }

    private void play(JsonNode recorded) {
        for (JsonNode step : recorded.path("steps")) {
            JsonNode request = step.path("request");
            String path = request.path("path").asText();
            String method = request.path("method").asText();
            JsonNode body = request.path("body");
            if (path.contains("customresourcedefinitions")) {
                JsonNode schema = body.at("/spec/versions/0/schema/openAPIV3Schema");
                custom = CustomResourceSchema.of(schema, false, TYPES);
                continue;
            }
            if (method.equals("GET")) {
                continue;
            }
            boolean simple =
                    path.matches(".*/(configmaps|deployments|services|secrets|foos)(/[^/?]+)?\\?.*fieldManager=.*")
                            && !path.contains("dryRun")
                            && !path.contains("fieldManager=&")
                            && !path.contains("%00")
                            && !Json.text(body).contains("resourceVersion");
            boolean defaulted =
                    path.contains("/deployments") || path.contains("/services") || path.contains("/secrets");
            boolean applies =
                    request.path("headers").path("Content-Type").asText("").contains("apply");
            if (!simple
                    || (defaulted && !applies)
                    || step.at("/expect/status").asInt() == 422
                    || step.at("/expect/status").asInt() == 404
                    || path.length() > 200) {
                return;
            }
            now = now.plus(Duration.ofSeconds(1));
            run(path, method, request, step.path("expect"));
        }
    }

    private void run(String path, String method, JsonNode request, JsonNode expect) {
        String manager = path.replaceAll(".*fieldManager=([^&]*).*", "$1");
        Document document = request.has("bodyText")
                ? Yaml.parse(request.path("bodyText").asText().getBytes(StandardCharsets.UTF_8))
                : Json.parse(Json.write(request.path("body")));
        JsonNode root = document.root();
        ObjectNode body = root instanceof ObjectNode object ? object : (ObjectNode) Json.tree("{}");
        String key = path.replaceAll("\\?.*", "");
        key = method.equals("POST") ? key + "/" + ObjectMeta.name(body) : key;
        ObjectNode live = objects.get(key);
        try {
            ObjectNode result = switch (request.path("headers")
                    .path("Content-Type")
                    .asText("")) {
                case String type
                when type.contains("apply") -> {
                    GroupVersionKind kind = live == null ? GroupVersionKind.of(body) : GroupVersionKind.of(live);
                    yield read(managed(kind).apply(live, body, manager, path.contains("force=true")));
                }
                default -> {
                    ObjectNode changed = root.isArray()
                            ? (ObjectNode) JsonPatch.parse(Json.write(root)).apply(live)
                            : method.equals("PATCH") ? MergePatch.apply(live, body) : body;
                    yield managed(GroupVersionKind.of(changed)).update(live, withUid(live, read(changed)), manager);
                }
            };
            ObjectMeta.setUid(result, "u");
            objects.put(key, result);
            compare(result, expect);
        } catch (StatusException e) {
            JsonNode wanted = expect.at("/body/message").isMissingNode()
                    ? expect.path("body").path("/message")
                    : expect.at("/body/message");
            assertThat(expect.path("status").asInt())
                    .describedAs(e.getMessage())
                    .isEqualTo(e.code());
            if (!wanted.asText().equals("<any>")) {
                assertThat(e).hasMessage(wanted.asText());
            }
        }
    }

    private static ObjectNode withUid(ObjectNode live, ObjectNode object) {
        if (live != null) {
            ObjectMeta.setUid(object, "u");
        }
        return object;
    }

    private ObjectNode read(ObjectNode object) {
        Optional<TypeSchema> type = TYPES.type(GroupVersionKind.of(object));
        return type.isPresent()
                ? TypedReader.read(object, type.get())
                : CustomResourceReader.read(new Document(object, List.of()), custom, FieldValidation.IGNORE, w -> {});
    }

    private ManagedFields managed(GroupVersionKind kind) {
        TypeSchema type = TYPES.type(kind).orElseGet(() -> custom.type());
        FieldSet reset = type.name().isEmpty() ? FieldSet.ofFields("status") : new FieldSet();
        return new ManagedFields(kind, type, "", reset, VersionConverter.NONE, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void compare(ObjectNode result, JsonNode expect) {
        if (expect.isMissingNode()) {
            return;
        }
        assertThat(expect.path("status").asInt()).isLessThan(300);
        JsonNode body = expect.path("body");
        boolean picked = body.properties().stream().anyMatch(e -> e.getKey().startsWith("/"));
        JsonNode wanted = picked ? body.path("/metadata/managedFields") : body.at("/metadata/managedFields");
        if (wanted.isArray()) {
            assertThat(owners(ObjectMeta.of(result).path("managedFields")))
                    .containsExactlyInAnyOrderElementsOf(owners(wanted));
        } else if (wanted.asText().equals("<absent>")) {
            assertThat(ObjectMeta.of(result).has("managedFields")).isFalse();
        }
        for (String pointer : List.of("/data", "/metadata/finalizers", "/metadata/annotations")) {
            JsonNode value = picked ? body.path(pointer) : body.at(pointer);
            if (value.isContainerNode() && !result.path("kind").asText().equals("Secret")) {
                assertThat(Json.sorted(result.at(pointer))).isEqualTo(Json.sorted(value));
            } else if (value.asText().equals("<absent>")) {
                assertThat(result.at(pointer).isMissingNode()).isTrue();
            }
        }
        for (String pointer :
                List.of("/spec/template/spec/containers", "/spec/template/spec/containers/0/env", "/spec/set")) {
            JsonNode names = body.path(pointer + "/*/name").isMissingNode()
                    ? body.path(pointer)
                    : body.path(pointer + "/*/name");
            if (names.isArray() && names.get(0).isTextual()) {
                List<String> found = new ArrayList<>();
                result.at(pointer)
                        .forEach(e -> found.add(
                                e.isTextual() ? e.textValue() : e.path("name").asText()));
                assertThat(Json.text(Json.valueOf(found))).isEqualTo(Json.text(names));
            }
        }
    }

    private static List<String> owners(JsonNode entries) {
        List<String> out = new ArrayList<>();
        for (JsonNode e : entries) {
            out.add(e.path("manager").asText() + " " + e.path("operation").asText() + " "
                    + e.path("apiVersion").asText().replaceAll(".*example.com", "x") + (e.has("time") ? " timed " : " ")
                    + Json.text(Json.sorted(e.path("fieldsV1"))));
        }
        return out;
    }
}
