package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.Descriptions;
import io.pilothouse.machinery.schema.OpenApi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the trees of documents. Holds the descriptions of all types, a megabyte or two: to be made for the purpose and let go. */
final class DocumentBuilder {
    static final String RELEASE = "1.36";

    private final BuiltInTypes types;
    private final Descriptions descriptions;
    private final ResourceOperations builtIn;
    private final CustomOperations custom;
    private final KindMarks marks;

    DocumentBuilder(BuiltInTypes types) {
        this.types = types;
        this.descriptions = Descriptions.load();
        var options = new OptionParameters(types, descriptions);
        this.builtIn = new ResourceOperations(types, options);
        this.custom = new CustomOperations(options);
        this.marks = new KindMarks(types);
    }

    /** The operations of a group version: what it has, and how its resources are found. */
    List<ApiOperation> operations(GroupVersion version, Collection<ResourceDefinition> definitions) {
        var out = new ArrayList<ApiOperation>();
        for (var definition : definitions) {
            if (definition.custom()) {
                out.addAll(custom.of(definition));
            } else {
                out.addAll(builtIn.of(definition, definition.version(version).orElseThrow()));
            }
        }
        if (!isCustom(definitions)) {
            out.add(FixedOperations.resources(version));
        }
        return out;
    }

    private static boolean isCustom(Collection<ResourceDefinition> definitions) {
        return definitions.stream().allMatch(ResourceDefinition::custom);
    }

    /** The version 3 document of a group version. */
    ObjectNode version3(GroupVersion version, Collection<ResourceDefinition> definitions) {
        var document = version3(operations(version, definitions), definitions, Optional.of(version));
        if (isCustom(definitions)) {
            document.withObjectProperty("info")
                    .put("title", "Kubernetes CRD Swagger")
                    .put("version", "v0.1.0");
        } else {
            security(document.withObjectProperty("components"), "securitySchemes");
        }
        return document;
    }

    /** The version 3 document of a path that is no group version's. */
    ObjectNode version3(ApiOperation operation) {
        var document = version3(List.of(operation), List.of(), Optional.empty());
        security(document.withObjectProperty("components"), "securitySchemes");
        return document;
    }

    private ObjectNode version3(
            List<ApiOperation> operations, Collection<ResourceDefinition> definitions, Optional<GroupVersion> of) {
        var document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", RELEASE);
        document.set("paths", new PathsWriter(OpenApi.Version.V3).paths(ApiPath.group(operations)));
        var schemas = schemas(OpenApi.Version.V3, operations, definitions, of);
        var components = document.putObject("components");
        if (!schemas.isEmpty()) {
            var list = components.putObject("schemas");
            schemas.forEach(list::set);
        }
        return document;
    }

    /** The version 2 document, of all operations. */
    ObjectNode version2(List<ApiOperation> operations, Collection<ResourceDefinition> definitions) {
        var document = JsonNodeFactory.instance.objectNode().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", RELEASE);
        document.set("paths", new PathsWriter(OpenApi.Version.V2).paths(ApiPath.group(operations)));
        var list = document.putObject("definitions");
        schemas(OpenApi.Version.V2, operations, definitions, Optional.empty()).forEach(list::set);
        SharedParameters.extract(document);
        security(document, "securityDefinitions");
        document.putArray("security").addObject().putArray("BearerToken");
        return document;
    }

    private static void security(ObjectNode holder, String name) {
        holder.putObject(name)
                .putObject("BearerToken")
                .put("description", "Bearer Token authentication")
                .put("type", "apiKey")
                .put("name", "authorization")
                .put("in", "header");
    }

    private Map<String, ObjectNode> schemas(
            OpenApi.Version version,
            List<ApiOperation> operations,
            Collection<ResourceDefinition> definitions,
            Optional<GroupVersion> of) {
        var writer = new OpenApi(version, descriptions);
        var out = new TreeMap<String, ObjectNode>();
        var customSchemas = new CustomSchemas(version);
        for (var definition : definitions) {
            if (definition.custom()) {
                customSchemas.of(definition).forEach(out::putIfAbsent);
                out.putAll(writer.closure(types.named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")));
                out.putAll(writer.closure(types.named("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta")));
            }
        }
        operations.forEach(operation -> {
            operation.body().ifPresent(body -> collect(writer, body.model(), out));
            operation.responses().forEach(response -> collect(writer, response.model(), out));
        });
        out.forEach((name, schema) -> marks.mark(name, schema, of));
        return out;
    }

    private void collect(OpenApi writer, String model, Map<String, ObjectNode> out) {
        if (!model.equals(ApiOperation.Response.TEXT) && !out.containsKey(model)) {
            out.putAll(writer.closure(types.named(model)));
        }
    }
}
