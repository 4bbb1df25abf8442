package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionChain;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/** Admission of what is asked for with a kind of its own: reviews, tokens, bindings, evictions, and connections to pods. */
public final class ActionAdmission {
    private static final List<String> FLAGS = List.of("stdin", "stdout", "stderr", "tty");
    private static final int PROXY_PARTS = 3;

    private final Writes writes;

    public ActionAdmission(AdmissionChain chain, ClusterView cluster, Authorizer authorizer) {
        this.writes = new Writes(chain, cluster, authorizer, kind -> true);
    }

    /**
     * Takes what was sent through admission.
     *
     * @param object changed in place
     * @throws StatusException to refuse
     */
    public void admit(
            ApiRequest request,
            ResourceDefinition definition,
            GroupVersionKind kind,
            ObjectNode object,
            boolean dryRun) {
        var form = new ObjectForm(definition, version(request, definition));
        String name = request.info().name().isEmpty()
                ? ObjectMeta.name(object)
                : request.info().name();
        var asked = writes.admissionRequest(request, form, "CREATE", null, null, dryRun, "CreateOptions")
                .with(object, null, name)
                .ofKind(kind, object);
        writes.admission().mutate(asked);
        writes.admission().validate(asked);
    }

    private static ServedVersion version(ApiRequest request, ResourceDefinition definition) {
        return definition
                .version(new GroupVersion(request.info().group(), request.info().version()))
                .orElse(definition.storageVersion());
    }

    /** What makes connections, after admission. */
    public ResourceDispatcher.Action connecting(ResourceDispatcher.Action connections) {
        return (request, definition, version) -> {
            var subresource = definition.subresource(request.info().subresource());
            // Reading logs is no connection to admission.
            if (subresource.isPresent()
                    && subresource.get() instanceof Subresource.Connection connection
                    && !connection.name().equals("log")) {
                admitConnection(request, definition, connection.options());
            }
            connections.handle(request, definition, version);
        };
    }

    /** Takes a connection through admission: its object is the options of the query. */
    private void admitConnection(ApiRequest request, ResourceDefinition definition, GroupVersionKind kind) {
        var options = JsonNodeFactory.instance
                .objectNode()
                .put("kind", kind.kind())
                .put("apiVersion", kind.groupVersion().apiVersion());
        options.setAll(options(request));
        var form = new ObjectForm(definition, version(request, definition));
        var asked = writes.admissionRequest(request, form, "CONNECT", null, null, false, "")
                .with(options, null, request.info().name())
                .ofKind(kind, options);
        writes.admission().mutate(asked);
        writes.admission().validate(asked);
    }

    private static ObjectNode options(ApiRequest request) {
        var out = JsonNodeFactory.instance.objectNode();
        var query = request.query();
        for (String flag : FLAGS) {
            if (query.has(flag) && !RequestInfo.isFalse(query.first(flag))) {
                out.put(flag, true);
            }
        }
        if (query.has("container")) {
            out.put("container", query.first("container"));
        }
        if (query.has("command")) {
            query.all("command").forEach(out.putArray("command")::add);
        }
        if (query.has("ports")) {
            var ports = out.putArray("ports");
            query.all("ports").stream()
                    .filter(p -> p.matches("\\d{1,5}"))
                    .map(Integer::valueOf)
                    .forEach(ports::add);
        }
        if (request.info().subresource().equals("proxy")) {
            var parts = request.info().parts();
            out.put("path", String.join("/", parts.subList(Math.min(PROXY_PARTS, parts.size()), parts.size())));
        }
        return out;
    }
}
