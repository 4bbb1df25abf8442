package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.OpenApi;
import java.util.Collection;
import java.util.List;

/** Writes paths as one of the versions of OpenAPI has them. */
final class PathsWriter {
    private final OpenApi.Version version;

    PathsWriter(OpenApi.Version version) {
        this.version = version;
    }

    /** The whole {@code paths} object. */
    ObjectNode paths(Collection<ApiPath> paths) {
        var out = JsonNodeFactory.instance.objectNode();
        paths.forEach(p -> out.set(p.path(), path(p)));
        return out;
    }

    private ObjectNode path(ApiPath path) {
        var out = JsonNodeFactory.instance.objectNode();
        for (var operation : path.operations()) {
            out.set(operation.method(), operation(operation, path.own(operation)));
        }
        if (!path.common().isEmpty()) {
            parameters(out, path.common());
        }
        return out;
    }

    private ObjectNode operation(ApiOperation operation, List<ApiParameter> own) {
        var out = JsonNodeFactory.instance.objectNode();
        if (!operation.description().isEmpty()) {
            out.put("description", operation.description());
        }
        if (version == OpenApi.Version.V2) {
            strings(out, "consumes", operation.consumes());
            strings(out, "produces", operation.produces());
            out.putArray("schemes").add("https");
        }
        out.putArray("tags").add(operation.tag());
        out.put("operationId", operation.id());
        body(out, operation);
        if (!own.isEmpty()) {
            parameters(out, own);
        }
        responses(out.putObject("responses"), operation);
        if (!operation.action().isEmpty()) {
            out.put("x-kubernetes-action", operation.action());
        }
        operation
                .kind()
                .ifPresent(kind -> out.putObject("x-kubernetes-group-version-kind")
                        .put("group", kind.group())
                        .put("version", kind.version())
                        .put("kind", kind.kind()));
        return out;
    }

    private void body(ObjectNode out, ApiOperation operation) {
        var body = operation.body();
        if (body.isEmpty()) {
            return;
        }
        ObjectNode holder;
        if (version == OpenApi.Version.V2) {
            holder = out.putArray("parameters").addObject();
            holder.put("name", "body").put("in", "body");
            reference(holder, body.get().model());
        } else {
            holder = out.putObject("requestBody");
            var content = holder.putObject("content");
            operation
                    .consumes()
                    .forEach(type ->
                            reference(content.putObject(type), body.get().model()));
        }
        if (body.get().required()) {
            holder.put("required", true);
        }
    }

    private void parameters(ObjectNode out, List<ApiParameter> parameters) {
        var list = out.withArrayProperty("parameters");
        for (var parameter : parameters) {
            var node = list.addObject();
            if (version == OpenApi.Version.V2) {
                node.put("uniqueItems", true).put("type", parameter.type());
            }
            if (!parameter.description().isEmpty()) {
                node.put("description", parameter.description());
            }
            node.put("name", parameter.name()).put("in", parameter.place().text());
            if (parameter.required()) {
                node.put("required", true);
            }
            if (version == OpenApi.Version.V3) {
                node.putObject("schema").put("type", parameter.type()).put("uniqueItems", true);
            }
        }
    }

    private void responses(ObjectNode out, ApiOperation operation) {
        for (var response : operation.responses()) {
            var node = out.putObject(Integer.toString(response.code())).put("description", response.description());
            if (version == OpenApi.Version.V2) {
                reference(node, response.model());
            } else {
                var content = node.putObject("content");
                operation.produces().forEach(type -> reference(content.putObject(type), response.model()));
            }
        }
        out.putObject("401").put("description", "Unauthorized");
    }

    private void reference(ObjectNode out, String model) {
        var schema = out.putObject("schema");
        if (model.equals(ApiOperation.Response.TEXT)) {
            schema.put("type", "string");
        } else {
            schema.put("$ref", version.reference(model));
        }
    }

    private static void strings(ObjectNode out, String name, List<String> values) {
        if (!values.isEmpty()) {
            var list = out.putArray(name);
            values.forEach(list::add);
        }
    }
}
