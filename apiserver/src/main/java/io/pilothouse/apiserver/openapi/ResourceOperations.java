package io.pilothouse.apiserver.openapi;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.openapi.ApiOperation.Response;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The operations of a built-in resource in one version, as upstream's installer of API groups declares them. */
final class ResourceOperations {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String STATUS = META + "Status";
    private static final String EVENT = META + "WatchEvent";
    private static final String USE_LIST = ". deprecated: use the 'watch' parameter with a list operation instead";

    private final BuiltInTypes types;
    private final OptionParameters options;

    ResourceOperations(BuiltInTypes types, OptionParameters options) {
        this.types = types;
        this.options = options;
    }

    List<ApiOperation> of(ResourceDefinition definition, ServedVersion version) {
        var out = new ArrayList<ApiOperation>();
        new Writer(definition, version, out).resource();
        return out;
    }

    /** Where a group version's paths begin, with a slash at the end. */
    static String root(GroupVersionKind kind) {
        return kind.group().isEmpty()
                ? "/api/" + kind.version() + "/"
                : "/apis/" + kind.group() + "/" + kind.version() + "/";
    }

    private final class Writer {
        private final ResourceDefinition definition;
        private final GroupVersionKind kind;
        private final List<ApiOperation> out;
        private final String root;
        private final String collection;
        private final String namespaced;

        Writer(ResourceDefinition definition, ServedVersion version, List<ApiOperation> out) {
            this.definition = definition;
            this.kind = version.kind();
            this.out = out;
            this.root = ResourceOperations.root(kind);
            this.collection = (definition.namespaced() ? "namespaces/{namespace}/" : "") + definition.plural();
            this.namespaced = definition.namespaced() ? "Namespaced" : "";
        }

        void resource() {
            var verbs = definition.verbs();
            boolean lists = verbs.contains("list");
            boolean watches = lists && verbs.contains("watch");
            if (lists) {
                list(root + collection, namespaced, "", watches);
                if (definition.namespaced()) {
                    list(root + definition.plural(), "", "ForAllNamespaces", watches);
                }
            }
            if (verbs.contains("create")) {
                create(root + collection, kind, "");
            }
            if (verbs.contains("deletecollection")) {
                deleteCollection();
            }
            if (watches) {
                watch();
            }
            item(root + collection + "/{name}", kind, "", verbs);
            definition.subresources().values().forEach(this::subresource);
        }

        private void subresource(Subresource subresource) {
            String path = root + collection + "/{name}/" + subresource.name();
            switch (subresource) {
                case Subresource.View view -> item(path, kind, view.name(), view.verbs());
                case Subresource.Scale scale -> item(path, Subresource.Scale.KIND, scale.name(), scale.verbs());
                case Subresource.Action action -> create(path, action.input(), action.name());
                case Subresource.Connection connection -> {
                    if (connection.name().equals("log")) {
                        log(path, connection);
                    } else {
                        connect(path, connection);
                    }
                }
            }
        }

        /** Adds what paths below a collection have: where in it they are. */
        private OperationBuilder begin(String path, String method, String action, GroupVersionKind of) {
            var operation = new OperationBuilder(path, method).action(action, of);
            if (path.contains("{namespace}")) {
                operation.parameter(OptionParameters.NAMESPACE);
            }
            if (path.contains("{name}")) {
                operation.parameter(OptionParameters.name(of.kind()));
            }
            return operation;
        }

        private OperationBuilder object(String path, String method, String action, GroupVersionKind of) {
            return begin(path, method, action, of).parameter(OptionParameters.PRETTY);
        }

        private void list(String path, String scope, String suffix, boolean watches) {
            out.add(object(path, "get", "list", kind)
                    .named("list", scope + kind.kind() + suffix)
                    .description("list " + (watches ? "or watch " : "") + "objects of kind " + kind.kind())
                    .parameters(options.meta("ListOptions"))
                    .produces(MediaTypes.LISTS)
                    .responses(Response.ok(
                            model(new GroupVersionKind(kind.group(), kind.version(), definition.listKind()))))
                    .build());
        }

        private void watch() {
            watch(root + "watch/" + collection, "watchlist", namespaced + kind.kind() + "List");
            watch(root + "watch/" + collection + "/{name}", "watch", namespaced + kind.kind());
            if (definition.namespaced()) {
                watch(root + "watch/" + definition.plural(), "watchlist", kind.kind() + "ListForAllNamespaces");
            }
        }

        private void watch(String path, String action, String rest) {
            String description = action.equals("watch")
                    ? "watch changes to an object of kind " + kind.kind() + USE_LIST
                            + ", filtered to a single item with the 'fieldSelector' parameter."
                    : "watch individual changes to a list of " + kind.kind() + USE_LIST + ".";
            out.add(object(path, "get", action, kind)
                    .named("watch", rest)
                    .description(description)
                    .parameters(options.meta("ListOptions"))
                    .produces(MediaTypes.LISTS)
                    .responses(Response.ok(EVENT))
                    .build());
        }

        private void deleteCollection() {
            var selecting = options.meta("ListOptions").stream()
                    .filter(p -> !p.name().equals("watch") && !p.name().equals("allowWatchBookmarks"))
                    .toList();
            out.add(object(root + collection, "delete", "deletecollection", kind)
                    .named("delete", "collection" + namespaced + kind.kind())
                    .description("delete collection of " + kind.kind())
                    .body(META + "DeleteOptions", false)
                    .parameters(options.meta("DeleteOptions"))
                    .parameters(selecting)
                    .responses(Response.ok(STATUS))
                    .build());
        }

        private void create(String path, GroupVersionKind of, String subresource) {
            String article = OperationNames.article(kind.kind());
            String model = model(of);
            out.add(object(path, "post", "post", of)
                    .named("create", namespaced + kind.kind() + title(subresource))
                    .description(
                            "create" + (subresource.isEmpty() ? "" : " " + subresource + " of") + article + kind.kind())
                    .body(model, true)
                    .parameters(options.meta("CreateOptions"))
                    .responses(Response.ok(model), Response.created(model), Response.accepted(model))
                    .build());
        }

        /** What is done to one object, or to a part of it. */
        private void item(String path, GroupVersionKind of, String subresource, List<String> verbs) {
            String rest = namespaced + kind.kind() + title(subresource);
            String what = (subresource.isEmpty() ? "" : subresource + " of ") + "the specified " + kind.kind();
            String model = model(of);
            if (verbs.contains("get")) {
                out.add(object(path, "get", "get", of)
                        .named("read", rest)
                        .description("read " + what)
                        .responses(Response.ok(model))
                        .build());
            }
            if (verbs.contains("update")) {
                out.add(object(path, "put", "put", of)
                        .named("replace", rest)
                        .description("replace " + what)
                        .body(model, true)
                        .parameters(options.meta("UpdateOptions"))
                        .responses(Response.ok(model), Response.created(model))
                        .build());
            }
            if (verbs.contains("patch")) {
                out.add(object(path, "patch", "patch", of)
                        .named("patch", rest)
                        .description("partially update " + what)
                        .consumes(MediaTypes.PATCHES)
                        .body(META + "Patch", true)
                        .parameters(options.meta("PatchOptions"))
                        .responses(Response.ok(model), Response.created(model))
                        .build());
            }
            if (verbs.contains("delete")) {
                delete(path, model);
            }
        }

        private void delete(String path, String model) {
            String answer = definition.returnsDeletedObject() ? model : STATUS;
            out.add(object(path, "delete", "delete", kind)
                    .named("delete", namespaced + kind.kind())
                    .description("delete" + OperationNames.article(kind.kind()) + kind.kind())
                    .body(META + "DeleteOptions", false)
                    .parameters(options.meta("DeleteOptions"))
                    .responses(Response.ok(answer), Response.accepted(answer))
                    .build());
        }

        private void log(String path, Subresource.Connection connection) {
            var produces = new ArrayList<String>(List.of("text/plain"));
            produces.addAll(MediaTypes.OBJECTS);
            out.add(object(path, "get", "get", kind)
                    .named("read", namespaced + kind.kind() + "Log")
                    .description("read log of the specified " + kind.kind())
                    .parameters(options.of(type(connection.options())))
                    .produces(produces)
                    .responses(Response.ok(Response.TEXT))
                    .build());
        }

        private void connect(String path, Subresource.Connection connection) {
            for (String method : methods(connection)) {
                connect(path, method, connection, "");
                if (connection.name().equals("proxy")) {
                    connect(path + "/{path}", method, connection, "WithPath");
                }
            }
        }

        private void connect(String path, String method, Subresource.Connection connection, String suffix) {
            var operation = begin(path, method.toLowerCase(Locale.ROOT), "connect", connection.options())
                    .named("connect", title(method) + namespaced + kind.kind() + title(connection.name()) + suffix)
                    .description("connect " + method + " requests to " + connection.name() + " of " + kind.kind())
                    .parameters(options.of(type(connection.options())))
                    .produces(MediaTypes.ANY)
                    .responses(Response.ok(Response.TEXT));
            if (!suffix.isEmpty()) {
                operation.parameter(ApiParameter.path("path", "path to the resource"));
            }
            out.add(operation.build());
        }
    }

    /** A proxy passes on every method, a stream begins with one of two. */
    private static List<String> methods(Subresource.Connection connection) {
        return connection.name().equals("proxy")
                ? List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
                : List.of("GET", "POST");
    }

    private io.pilothouse.machinery.schema.TypeSchema type(GroupVersionKind kind) {
        return types.type(kind).orElseThrow(() -> new IllegalArgumentException("the model has no type for " + kind));
    }

    private String model(GroupVersionKind kind) {
        return type(kind).name();
    }

    private static String title(String word) {
        return word.isEmpty()
                ? ""
                : word.substring(0, 1).toUpperCase(Locale.ROOT)
                        + word.substring(1).toLowerCase(Locale.ROOT);
    }
}
