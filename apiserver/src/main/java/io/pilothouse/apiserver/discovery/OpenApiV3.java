package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.Descriptions;
import io.pilothouse.machinery.schema.OpenApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The OpenAPI v3 document of a group version, derived from the catalogue and the types of the model. */
final class OpenApiV3 {
    private static final String REFERENCE = "#/components/schemas/";
    private static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");

    private final ResourceIndex resources;
    private final OpenApi writer = new OpenApi(OpenApi.Version.V3, Descriptions.load());

    private final CustomOpenApi custom;

    OpenApiV3(ResourceIndex resources, BuiltInTypes types) {
        this.resources = resources;
        this.custom = new CustomOpenApi(types, writer);
    }

    ObjectNode document(GroupVersion version) {
        var document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.36.2");
        var paths = document.putObject("paths");
        var schemas = new TreeMap<String, ObjectNode>();
        for (var definition : new TreeMap<>(resources.versions().getOrDefault(version, Map.of())).values()) {
            var served = definition.version(version).orElseThrow();
            if (definition.custom()) {
                custom.collect(definition, schemas);
            } else {
                writer.closure(served.schema()).forEach(schemas::put);
                mark(schemas.get(served.schema().name()), served);
            }
            paths(paths, definition, served);
        }
        var components = document.putObject("components").putObject("schemas");
        schemas.forEach(components::set);
        return document;
    }

    private static String nameOf(ServedVersion served) {
        return served.schema().name().isEmpty()
                ? CustomOpenApi.nameOf(served.kind())
                : served.schema().name();
    }

    /** Says which kind a schema is of: clients find the types of their objects by it. */
    private static void mark(@Nullable ObjectNode schema, ServedVersion served) {
        if (schema != null && !schema.has("x-kubernetes-group-version-kind")) {
            kind(schema.putArray("x-kubernetes-group-version-kind").addObject(), served);
        }
    }

    private static void kind(ObjectNode node, ServedVersion served) {
        node.put("group", served.kind().group())
                .put("kind", served.kind().kind())
                .put("version", served.kind().version());
    }

    private static void paths(ObjectNode paths, ResourceDefinition definition, ServedVersion served) {
        var version = served.kind().groupVersion();
        String root = (version.group().isEmpty() ? "/api/" : "/apis/") + version.apiVersion() + "/";
        String base = root + (definition.namespaced() ? "namespaces/{namespace}/" : "") + definition.plural();
        var collection = paths.putObject(base);
        var verbs = definition.verbs();
        if (verbs.contains("list")) {
            operation(collection, "get", "list", served);
        }
        if (verbs.contains("create")) {
            write(operation(collection, "post", "post", served), served, "application/json");
        }
        if (verbs.contains("deletecollection")) {
            operation(collection, "delete", "deletecollection", served);
        }
        parameters(collection, definition.namespaced(), false);
        if (definition.namespaced() && verbs.contains("list")) {
            operation(paths.putObject(root + definition.plural()), "get", "list", served);
        }
        if (verbs.contains("get")) {
            single(paths.putObject(base + "/{name}"), definition, served, verbs);
        }
        for (var subresource : definition.subresources().values()) {
            if (subresource instanceof Subresource.View view) {
                single(paths.putObject(base + "/{name}/" + view.name()), definition, served, view.verbs());
            }
        }
    }

    private static void single(
            ObjectNode path, ResourceDefinition definition, ServedVersion served, List<String> verbs) {
        if (verbs.contains("get")) {
            operation(path, "get", "get", served);
        }
        if (verbs.contains("update")) {
            write(operation(path, "put", "put", served), served, "application/json");
        }
        if (verbs.contains("patch")) {
            patch(operation(path, "patch", "patch", served), definition);
        }
        if (verbs.contains("delete")) {
            operation(path, "delete", "delete", served);
        }
        parameters(path, definition.namespaced(), true);
    }

    private static ObjectNode operation(ObjectNode path, String method, String action, ServedVersion served) {
        var operation = path.putObject(method);
        var responses = operation.putObject("responses").putObject("200").put("description", "OK");
        responses
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", REFERENCE + nameOf(served));
        operation.put("x-kubernetes-action", action);
        kind(operation.putObject("x-kubernetes-group-version-kind"), served);
        return operation;
    }

    private static void write(ObjectNode operation, ServedVersion served, String mediaType) {
        options(operation);
        operation
                .putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject(mediaType)
                .putObject("schema")
                .put("$ref", REFERENCE + nameOf(served));
    }

    private static void patch(ObjectNode operation, ResourceDefinition definition) {
        options(operation);
        query(operation, "force", "boolean");
        var content = operation.putObject("requestBody").put("required", true).putObject("content");
        for (String type : PATCHES) {
            if (!definition.custom() || !type.contains("strategic")) {
                content.putObject(type).putObject("schema").put("type", "object");
            }
        }
    }

    private static void options(ObjectNode operation) {
        for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
            query(operation, name, "string");
        }
    }

    private static void query(ObjectNode operation, String name, String type) {
        operation
                .withArrayProperty("parameters")
                .addObject()
                .put("name", name)
                .put("in", "query")
                .putObject("schema")
                .put("type", type)
                .put("uniqueItems", true);
    }

    private static void parameters(ObjectNode path, boolean namespaced, boolean named) {
        var list = path.putArray("parameters");
        if (named) {
            list.addObject()
                    .put("name", "name")
                    .put("in", "path")
                    .put("required", true)
                    .putObject("schema")
                    .put("type", "string");
        }
        if (namespaced) {
            list.addObject()
                    .put("name", "namespace")
                    .put("in", "path")
                    .put("required", true)
                    .putObject("schema")
                    .put("type", "string");
        }
        list.addObject()
                .put("name", "pretty")
                .put("in", "query")
                .putObject("schema")
                .put("type", "string");
    }
}
