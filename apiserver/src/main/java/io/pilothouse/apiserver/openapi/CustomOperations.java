package io.pilothouse.apiserver.openapi;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.openapi.ApiOperation.Response;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The operations of a custom resource; upstream tells fewer of them, and in other words, than of what is built in. */
final class CustomOperations {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String STATUS = META + "Status";
    private static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";

    private final OptionParameters options;

    CustomOperations(OptionParameters options) {
        this.options = options;
    }

    List<ApiOperation> of(ResourceDefinition definition) {
        var kind = definition.storageVersion().kind();
        String root = ResourceOperations.root(kind);
        String collection = root + (definition.namespaced() ? "namespaces/{namespace}/" : "") + definition.plural();
        String model = CustomSchemas.nameOf(kind);
        String list = CustomSchemas.nameOf(new GroupVersionKind(kind.group(), kind.version(), definition.listKind()));
        String scope = definition.namespaced() ? "Namespaced" : "";
        var out = new ArrayList<ApiOperation>();
        if (definition.namespaced()) {
            out.add(list(root + definition.plural(), kind, list)
                    .named("list", kind.kind() + "ForAllNamespaces")
                    .build());
        }
        out.add(list(collection, kind, list).named("list", scope + kind.kind()).build());
        out.add(begin(collection, "post", "post", kind)
                .named("create", scope + kind.kind())
                .description("create" + OperationNames.article(kind.kind()) + kind.kind())
                .body(model, true)
                .parameters(options.meta("CreateOptions"))
                .responses(Response.ok(model), Response.created(model), Response.accepted(model))
                .build());
        out.add(begin(collection, "delete", "deletecollection", kind)
                .named("delete", "collection" + scope + kind.kind())
                .description("delete collection of " + kind.kind())
                .parameters(options.meta("ListOptions"))
                .responses(Response.ok(STATUS))
                .build());
        item(out, collection + "/{name}", kind, scope, "", model);
        out.add(begin(collection + "/{name}", "delete", "delete", kind)
                .named("delete", scope + kind.kind())
                .description("delete" + OperationNames.article(kind.kind()) + kind.kind())
                .body(META + "DeleteOptions", false)
                .parameters(options.meta("DeleteOptions"))
                .responses(Response.ok(STATUS), Response.accepted(STATUS))
                .build());
        for (String subresource : definition.subresources().keySet()) {
            String of = subresource.equals("scale") ? SCALE : model;
            item(out, collection + "/{name}/" + subresource, kind, scope, subresource, of);
        }
        return out;
    }

    private OperationBuilder list(String path, GroupVersionKind kind, String model) {
        return begin(path, "get", "list", kind)
                .description("list objects of kind " + kind.kind())
                .parameters(options.meta("ListOptions"))
                .responses(Response.ok(model));
    }

    private void item(
            List<ApiOperation> out,
            String path,
            GroupVersionKind kind,
            String scope,
            String subresource,
            String model) {
        String rest = scope + kind.kind() + title(subresource);
        String what = (subresource.isEmpty() ? "" : subresource + " of ") + "the specified " + kind.kind();
        out.add(begin(path, "get", "get", kind)
                .named("read", rest)
                .description("read " + what)
                .parameters(options.meta("GetOptions"))
                .responses(Response.ok(model))
                .build());
        out.add(begin(path, "put", "put", kind)
                .named("replace", rest)
                .description("replace " + what)
                .body(model, true)
                .parameters(options.meta("UpdateOptions"))
                .responses(Response.ok(model), Response.created(model))
                .build());
        out.add(begin(path, "patch", "patch", kind)
                .named("patch", rest)
                .description("partially update " + what)
                .consumes(MediaTypes.CUSTOM_PATCHES)
                .body(META + "Patch", true)
                .parameters(options.meta("PatchOptions"))
                .responses(Response.ok(model))
                .build());
    }

    private static OperationBuilder begin(String path, String method, String action, GroupVersionKind kind) {
        var operation = new OperationBuilder(path, method)
                .action(action, kind)
                .consumes(MediaTypes.CUSTOM)
                .produces(MediaTypes.CUSTOM)
                .parameter(OptionParameters.PRETTY);
        if (path.contains("{namespace}")) {
            operation.parameter(OptionParameters.NAMESPACE);
        }
        if (path.contains("{name}")) {
            operation.parameter(OptionParameters.name(kind.kind()));
        }
        return operation;
    }

    private static String title(String word) {
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
