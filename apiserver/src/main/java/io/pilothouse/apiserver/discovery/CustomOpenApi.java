package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.OpenApi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The schemas of custom resources, as OpenAPI v3 publishes them: what their definitions say, and what every resource has. */
final class CustomOpenApi {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String REFERENCE = "#/components/schemas/";
    private static final String API_VERSION_TEXT =
            "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the"
                    + " latest internal value, and may reject unrecognized values. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
    private static final String KIND_TEXT =
            "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client"
                    + " submits requests to. Cannot be updated. In CamelCase. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
    private static final String METADATA_TEXT =
            "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
    private static final String LIST_METADATA_TEXT =
            "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
    private static final String LIST_TEXT =
            ". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    private static final List<String> ALWAYS = List.of("DeleteOptions", "ListMeta", "ObjectMeta", "Patch", "Status");

    private final BuiltInTypes types;
    private final OpenApi writer;

    CustomOpenApi(BuiltInTypes types, OpenApi writer) {
        this.types = types;
        this.writer = writer;
    }

    /** The name of a kind's schema: the group from its end, the version, the kind. */
    static String nameOf(GroupVersionKind kind) {
        var parts = new ArrayList<>(Arrays.asList(kind.group().split("\\.", -1)));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
    }

    /** Adds the schemas of a definition of a custom resource, of its list and of what they refer to. */
    void collect(ResourceDefinition definition, Map<String, ObjectNode> schemas) {
        var kind = definition.storageVersion().kind();
        var list = new GroupVersionKind(kind.group(), kind.version(), definition.listKind());
        schemas.put(nameOf(kind), object(definition, kind));
        schemas.put(nameOf(list), list(definition, kind, list));
        for (String type : ALWAYS) {
            writer.closure(types.named(META + type)).forEach(schemas::putIfAbsent);
        }
    }

    private static ObjectNode object(ResourceDefinition definition, GroupVersionKind kind) {
        var custom = definition.customSchema().orElseThrow();
        var out = JsonNodeFactory.instance.objectNode();
        if (custom.openApi() instanceof ObjectNode given && !custom.preservesUnknown()) {
            out.setAll(given.deepCopy());
        } else {
            out.put("x-kubernetes-preserve-unknown-fields", true);
        }
        out.put("type", "object");
        var properties = out.withObjectProperty("properties");
        properties.putObject("apiVersion").put("description", API_VERSION_TEXT).put("type", "string");
        properties.putObject("kind").put("description", KIND_TEXT).put("type", "string");
        reference(properties.putObject("metadata"), METADATA_TEXT, "ObjectMeta");
        mark(out, kind);
        return out;
    }

    private static ObjectNode list(ResourceDefinition definition, GroupVersionKind kind, GroupVersionKind listKind) {
        var out = JsonNodeFactory.instance.objectNode();
        out.put("description", listKind.kind() + " is a list of " + kind.kind()).put("type", "object");
        out.putArray("required").add("items");
        var properties = out.putObject("properties");
        properties.putObject("apiVersion").put("description", API_VERSION_TEXT).put("type", "string");
        var items = properties
                .putObject("items")
                .put("description", "List of " + definition.plural() + LIST_TEXT)
                .put("type", "array");
        items.putObject("items").put("$ref", REFERENCE + nameOf(kind));
        properties.putObject("kind").put("description", KIND_TEXT).put("type", "string");
        reference(properties.putObject("metadata"), LIST_METADATA_TEXT, "ListMeta");
        mark(out, listKind);
        return out;
    }

    private static void reference(ObjectNode property, String text, String type) {
        property.put("description", text).putArray("allOf").addObject().put("$ref", REFERENCE + META + type);
    }

    private static void mark(ObjectNode schema, GroupVersionKind kind) {
        schema.putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", kind.group())
                .put("kind", kind.kind())
                .put("version", kind.version());
    }
}
