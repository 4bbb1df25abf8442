package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.meta.GroupVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes a resource request to the endpoint of its verb. The one place that knows which verb is whose. */
public final class ResourceDispatcher {
    /** Answers a POST of a subresource that does something, or what is asked of a resource that is only answered (a review). */
    @FunctionalInterface
    public interface Action {
        void handle(ApiRequest request, ResourceDefinition definition, ServedVersion version) throws IOException;
    }

    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    /** However long a request may take, the work of a write is given up after this time. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(34);

    private static final Pattern NAMESPACE_IN_NAMESPACE = Pattern.compile(".*/namespaces/[^/]+/namespaces(?:/.*)?");

    private final ResourceIndex resources;
    private final Endpoints endpoints;
    private final Map<String, Action> actions;
    private final Action connections;

    /**
     * @param actions by {@code group/resource} or {@code group/resource/subresource}
     * @param connections log, exec, attach, portforward and the proxies
     */
    public ResourceDispatcher(
            ResourceIndex resources, Endpoints endpoints, Map<String, Action> actions, Action connections) {
        this.resources = resources;
        this.endpoints = endpoints;
        this.actions = Map.copyOf(actions);
        this.connections = connections;
    }

    /** Whether the path of a request could be served at all; another one is a plain 404. */
    public boolean knows(RequestInfo info) {
        return resources.isCustom(info.group()) ? servesCustom(info) : resources.servesGroup(info.group());
    }

    private boolean servesCustom(RequestInfo info) {
        return resources
                .find(new GroupVersion(info.group(), info.version()), info.resource())
                .filter(d -> d.namespaced() == !info.namespace().isEmpty()
                        || (d.namespaced()
                                && (info.verb().equals("list") || info.verb().equals("watch"))
                                && info.parts().size() == 1))
                .isPresent();
    }

    public void handle(ApiRequest request) throws IOException {
        var info = request.info();
        var version = new GroupVersion(info.group(), info.version());
        var definition = resources.find(version, info.resource()).orElseThrow(Refusals::noSuchResource);
        var served = definition.version(version).orElseThrow(Refusals::noSuchResource);
        if (request.method().equals("HEAD") && !isProxy(info)) {
            throw Refusals.methodNotAllowed();
        }
        if (info.parts().size() > (isProxy(info) ? Integer.MAX_VALUE : 3)) {
            throw Refusals.noSuchResource();
        }
        if (WRITES.contains(info.verb()) && !info.longRunning()) {
            request.context().limit().atMost(LONGEST_WRITE);
        }
        if (!definition.stored()) {
            answerOnly(request, definition, served);
        } else if (!info.subresource().isEmpty()) {
            subresource(request, definition, served);
        } else {
            resource(request, new ObjectForm(definition, served));
        }
    }

    private static boolean isProxy(RequestInfo info) {
        return info.subresource().equals("proxy");
    }

    private void answerOnly(ApiRequest request, ResourceDefinition definition, ServedVersion served)
            throws IOException {
        if (request.info().parts().size() > 1 && !definition.verbs().contains("get")) {
            throw Refusals.noSuchResource(); // what is only answered has no name to be found under
        }
        var action = Optional.ofNullable(actions.get(definition.groupResource().group() + "/" + definition.plural()));
        if (action.isEmpty() || !definition.verbs().contains(request.info().verb())) {
            throw Refusals.methodNotAllowed();
        }
        if (!request.info().verb().equals("create")) {
            requireGetToRead(request);
        }
        warn(request, definition);
        action.get().handle(request, definition, served);
    }

    /** Only a request that has a route is told that the kind is deprecated. */
    private static void warn(ApiRequest request, ResourceDefinition definition) {
        request.context().routed(!definition.deprecation().isEmpty());
        if (!definition.deprecation().isEmpty()) {
            request.warn(definition.deprecation());
        }
    }

    private void resource(ApiRequest request, ObjectForm form) throws IOException {
        var info = request.info();
        var definition = form.definition();
        boolean named = info.parts().size() > 1;
        if (definition.namespaced()
                && info.namespace().isEmpty()
                && (named || info.verb().equals("create") || info.verb().equals("deletecollection"))) {
            throw named ? Refusals.noSuchResource() : Refusals.methodNotAllowed();
        }
        boolean isNamespace = definition.plural().equals("namespaces")
                && !NAMESPACE_IN_NAMESPACE.matcher(info.path()).matches();
        if (!definition.namespaced() && !info.namespace().isEmpty() && !isNamespace) {
            throw Refusals.noSuchResource();
        }
        requireGetToRead(request);
        boolean needsName = info.verb().equals("update") || info.verb().equals("patch");
        if (!definition.verbs().contains(info.verb()) || (needsName && !named)) {
            throw Refusals.methodNotAllowed();
        }
        warn(request, definition);
        switch (info.verb()) {
            case "get" -> endpoints.read().one(request, form);
            case "list" -> endpoints.read().list(request, form);
            case "watch" -> endpoints.watch().handle(request, form);
            case "create" -> {
                if (named) {
                    throw Refusals.methodNotAllowed();
                }
                endpoints.create().handle(request, form);
            }
            case "update" -> endpoints.update().handle(request, form, definition.strategy());
            case "patch" -> endpoints.patch().handle(request, form, definition.strategy());
            case "delete" -> endpoints.delete().one(request, form);
            case "deletecollection" -> endpoints.delete().collection(request, form);
            default -> throw Refusals.methodNotAllowed();
        }
    }

    /** A HEAD counts as reading for authorizers, and has no route; nor has another method on the old watch paths. */
    private static void requireGetToRead(ApiRequest request) {
        boolean reads = switch (request.info().verb()) {
            case "get", "list", "watch" -> true;
            default -> false;
        };
        if (reads && !request.method().equals("GET")) {
            throw Refusals.methodNotAllowed();
        }
    }

    private void subresource(ApiRequest request, ResourceDefinition definition, ServedVersion served)
            throws IOException {
        var info = request.info();
        var subresource = definition.subresource(info.subresource()).orElseThrow(Refusals::noSuchResource);
        if (definition.namespaced() && info.namespace().isEmpty()) {
            throw Refusals.noSuchResource();
        }
        // A proxy passes this too, which has no verb.
        boolean options = isProxy(info) && request.method().equals("OPTIONS");
        if (!subresource.verbs().contains(info.verb()) && !options) {
            throw Refusals.methodNotAllowed();
        }
        if (!(subresource instanceof Subresource.Connection)) {
            requireGetToRead(request);
        }
        warn(request, definition);
        var form = new ObjectForm(definition, served);
        switch (subresource) {
            case Subresource.View view -> {
                switch (info.verb()) {
                    case "get" -> endpoints.read().one(request, form);
                    case "update" -> endpoints.update().handle(request, form, view.strategy());
                    default -> endpoints.patch().handle(request, form, view.strategy());
                }
            }
            case Subresource.Scale scale -> endpoints.scale().handle(request, form, scale);
            case Subresource.Action action -> {
                var handler = actions.get(
                        definition.groupResource().group() + "/" + definition.plural() + "/" + action.name());
                if (handler == null) {
                    throw new IllegalStateException("no action is registered for " + definition + "/" + action.name());
                }
                handler.handle(request, definition, served);
            }
            case Subresource.Connection connection -> connections.handle(request, definition, served);
        }
    }
}
