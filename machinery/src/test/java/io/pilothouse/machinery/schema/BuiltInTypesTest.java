package io.pilothouse.machinery.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.Shared;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BuiltInTypesTest {
    private static final Set<String> SCALAR_DEFINITIONS = Set.of(
            "Quantity",
            "Time",
            "MicroTime",
            "IntOrString",
            "RawExtension",
            "FieldsV1",
            "JSON",
            "JSONSchemaPropsOrArray",
            "JSONSchemaPropsOrBool",
            "JSONSchemaPropsOrStringArray",
            "Patch",
            "Info");
    private final BuiltInTypes types = BuiltInTypes.load();

    @Test
    void knowsTheKinds() {
        for (String kind : List.of(
                "v1 Pod",
                "apps/v1 Deployment",
                "autoscaling/v1 Scale",
                "v1 Status",
                "v1 DeleteOptions",
                "meta.k8s.io/v1 PatchOptions",
                "apiextensions.k8s.io/v1 CustomResourceDefinition",
                "apiregistration.k8s.io/v1 APIService",
                "resource.k8s.io/v1 ResourceClaim",
                "v1 PodList")) {
            String[] words = kind.split(" ", 2);
            assertThat(types.type(GroupVersionKind.of(words[0], words[1])))
                    .describedAs(kind)
                    .isPresent();
        }
        assertThat(types.type(GroupVersionKind.of("v1", "Nothing"))).isEmpty();
        assertThat(types.named("io.k8s.api.core.v1.ContainerPort")
                        .field("protocol")
                        .defaultValue()
                        .asText())
                .isEqualTo("TCP");
    }

    @Test
    void describesTypesAndFields() {
        Descriptions descriptions = Descriptions.load();
        assertThat(descriptions.type("io.k8s.api.core.v1.Pod"))
                .hasValue(
                        "Pod is a collection of containers that can run on a host. This resource is created by clients and scheduled onto hosts.");
        assertThat(descriptions.field("io.k8s.api.core.v1.ContainerPort", "containerPort"))
                .hasValue(
                        "Number of port to expose on the pod's IP address. This must be a valid port number, 0 < x < 65536.");
        assertThat(descriptions.field("io.k8s.api.apps.v1.DeploymentSpec", "replicas"))
                .isPresent();
        assertThat(descriptions.plainField("io.k8s.api.core.v1.ServiceSpec", "type"))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("type determines how the Service is exposed.")
                        .doesNotContain("Possible enum values"));
    }

    @Test
    void agreesWithTheOpenApiThatUpstreamPublishes() throws IOException {
        Optional<Path> file = Shared.find("upstream/openapi/v2.json");
        if (file.isEmpty()) {
            return;
        }
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (var e :
                Json.tree(Files.readAllBytes(file.get())).path("definitions").properties()) {
            String last = e.getKey().substring(e.getKey().lastIndexOf('.') + 1);
            if (SCALAR_DEFINITIONS.contains(last) || e.getKey().endsWith("v1alpha1.MatchCondition")) {
                continue;
            }
            compare(types.named(e.getKey()), e.getValue(), wrong);
            compared++;
        }
        assertThat(compared).isGreaterThan(700);
        assertThat(wrong).isEmpty();
    }

    private static void compare(TypeSchema type, JsonNode definition, List<String> wrong) {
        Set<String> names = new TreeSet<>();
        type.fields().forEach(f -> names.add(f.name()));
        Set<String> declared = new TreeSet<>();
        definition.path("properties").fieldNames().forEachRemaining(declared::add);
        check(wrong, type.name(), names, declared);
        check(
                wrong,
                type.name() + " atomic",
                type.isAtomic(),
                definition.path("x-kubernetes-map-type").asText().equals("atomic"));
        Set<String> required = new TreeSet<>();
        definition.path("required").forEach(r -> required.add(r.asText()));
        for (FieldSchema field : type.fields()) {
            JsonNode property = definition.path("properties").path(field.name());
            String name = type.name() + "." + field.name();
            check(wrong, name + " required", field.required(), required.contains(field.name()));
            check(
                    wrong,
                    name + " strategy",
                    String.join(",", field.patchStrategies()),
                    property.path("x-kubernetes-patch-strategy").asText());
            check(
                    wrong,
                    name + " merge key",
                    field.mergeKey(),
                    property.path("x-kubernetes-patch-merge-key").asText());
            check(
                    wrong,
                    name + " type",
                    openApiType(field.type()),
                    property.path("type").asText()
                            + property.path("$ref").asText().replaceAll(".*[/.]", ""));
            if (field.type().kind() == Kind.LIST) {
                List<String> keys = new ArrayList<>();
                property.path("x-kubernetes-list-map-keys").forEach(k -> keys.add(k.asText()));
                check(wrong, name + " keys", field.type().mapKeys(), keys);
                String listType = property.path("x-kubernetes-list-type").asText("atomic");
                check(
                        wrong,
                        name + " list type",
                        field.type().listType().name().toLowerCase(java.util.Locale.ROOT),
                        listType);
            }
        }
    }

    private static String openApiType(TypeSchema type) {
        return switch (type.kind()) {
            case OBJECT -> type.shortName();
            case MAP -> "object";
            case LIST -> "array";
            case STRING, BYTES -> "string";
            case BOOLEAN -> "boolean";
            case INT32, INT64 -> "integer";
            case DOUBLE -> "number";
            case QUANTITY -> "Quantity";
            case INT_OR_STRING -> "IntOrString";
            case TIME -> "Time";
            case MICRO_TIME -> "MicroTime";
            case RAW -> "RawExtension";
            case JSON -> "JSON";
            case FIELDS -> "FieldsV1";
            case SCHEMA_OR_ARRAY -> "JSONSchemaPropsOrArray";
            case SCHEMA_OR_BOOL -> "JSONSchemaPropsOrBool";
            case SCHEMA_OR_STRINGS -> "JSONSchemaPropsOrStringArray";
            case ANY -> "";
        };
    }

    private static void check(List<String> wrong, String what, Object ours, Object theirs) {
        if (!ours.equals(theirs)) {
            wrong.add(what + ": " + ours + " is not " + theirs);
        }
    }
}
