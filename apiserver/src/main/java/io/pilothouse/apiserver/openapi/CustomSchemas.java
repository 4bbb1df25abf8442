package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.CustomSchema;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.OpenApi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;

/** The schemas of custom resources: what their definitions say, and what every resource has. */
final class CustomSchemas {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String CONVENTIONS =
            "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    private static final String API_VERSION_TEXT =
            "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the"
                    + " latest internal value, and may reject unrecognized values. More info: " + CONVENTIONS
                    + "#resources";
    private static final String KIND_TEXT =
            "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client"
                    + " submits requests to. Cannot be updated. In CamelCase. More info: " + CONVENTIONS
                    + "#types-kinds";
    private static final String METADATA_TEXT = "Standard object's metadata. More info: " + CONVENTIONS + "#metadata";
    private static final String LIST_METADATA_TEXT =
            "Standard list metadata. More info: " + CONVENTIONS + "#types-kinds";

    private final OpenApi.Version version;

    CustomSchemas(OpenApi.Version version) {
        this.version = version;
    }

    /** The name of a kind's schema: the group from its end, the version, the kind. */
    static String nameOf(GroupVersionKind kind) {
        var parts = new ArrayList<>(Arrays.asList(kind.group().split("\\.", -1)));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
    }

    /** The schemas of a custom resource and of its list, by name. */
    Map<String, ObjectNode> of(ResourceDefinition definition) {
        var kind = definition.storageVersion().kind();
        var list = new GroupVersionKind(kind.group(), kind.version(), definition.listKind());
        return Map.of(nameOf(kind), object(definition, kind), nameOf(list), list(definition, kind, list));
    }

    private ObjectNode object(ResourceDefinition definition, GroupVersionKind kind) {
        var out = schema(definition.customSchema().orElseThrow());
        mark(out, definition, kind);
        return out;
    }

    private ObjectNode schema(CustomSchema custom) {
        boolean unknown = version == OpenApi.Version.V2
                && (custom.preservesUnknown()
                        || (custom.openApi() != null
                                && custom.openApi()
                                        .path("x-kubernetes-preserve-unknown-fields")
                                        .asBoolean()));
        if (!(custom.openApi() instanceof ObjectNode given) || unknown) {
            return JsonNodeFactory.instance.objectNode().put("type", "object");
        }
        var out = new PublishedSchema(version, this::describe).of(given);
        var properties = out.withObjectProperty("properties");
        reference(properties.putObject("metadata"), METADATA_TEXT, "ObjectMeta");
        typeFields(properties);
        return out;
    }

    /** What an object that is embedded in another one has beside what is declared. */
    private void describe(ObjectNode embedded) {
        var properties = embedded.withObjectProperty("properties");
        properties
                .putObject("apiVersion")
                .put(
                        "description",
                        "apiVersion defines the versioned schema of this representation of an object. More info: "
                                + CONVENTIONS + "#resources")
                .put("type", "string");
        properties
                .putObject("kind")
                .put(
                        "description",
                        "kind is a string value representing the type of this object. In CamelCase. More info: "
                                + CONVENTIONS + "#types-kinds")
                .put("type", "string");
        reference(properties.putObject("metadata"), METADATA_TEXT, "ObjectMeta");
        var required = embedded.withArrayProperty("required");
        for (String name : new String[] {"kind", "apiVersion"}) {
            if (required.valueStream().noneMatch(r -> r.asText().equals(name))) {
                required.add(name);
            }
        }
    }

    private ObjectNode list(ResourceDefinition definition, GroupVersionKind kind, GroupVersionKind listKind) {
        var out = JsonNodeFactory.instance.objectNode();
        out.put("description", listKind.kind() + " is a list of " + kind.kind()).put("type", "object");
        out.putArray("required").add("items");
        var properties = out.putObject("properties");
        typeFields(properties);
        var items = properties
                .putObject("items")
                .put("description", "List of " + definition.plural() + ". More info: " + CONVENTIONS)
                .put("type", "array");
        items.putObject("items").put("$ref", version.reference(nameOf(kind)));
        reference(properties.putObject("metadata"), LIST_METADATA_TEXT, "ListMeta");
        mark(out, definition, listKind);
        return out;
    }

    private static void typeFields(ObjectNode properties) {
        properties.putObject("apiVersion").put("description", API_VERSION_TEXT).put("type", "string");
        properties.putObject("kind").put("description", KIND_TEXT).put("type", "string");
    }

    private void reference(ObjectNode property, String text, String type) {
        property.put("description", text);
        if (version == OpenApi.Version.V2) {
            property.put("$ref", version.reference(META + type));
        } else {
            property.putArray("allOf").addObject().put("$ref", version.reference(META + type));
        }
    }

    private void mark(ObjectNode schema, ResourceDefinition definition, GroupVersionKind kind) {
        schema.putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", kind.group())
                .put("kind", kind.kind())
                .put("version", kind.version());
        var selectable = definition.selectableFields().keySet();
        if (!selectable.isEmpty()) {
            var fields = schema.putArray("x-kubernetes-selectable-fields");
            selectable.forEach(path -> fields.addObject().put("fieldPath", path));
        }
    }
}
