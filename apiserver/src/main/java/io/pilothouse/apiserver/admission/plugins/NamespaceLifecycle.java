package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Set;

/** Nothing is created in a namespace that is not there or on its way out, and the system's namespaces stay. */
public final class NamespaceLifecycle implements AdmissionPlugin {
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final ClusterView cluster;

    public NamespaceLifecycle(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.is("", "namespaces")) {
            if (request.deletes() && IMMORTAL.contains(request.name())) {
                throw StatusException.forbidden(NAMESPACES, request.name(), "this namespace may not be deleted");
            }
            return;
        }
        boolean review = request.groupResource().group().equals("authorization.k8s.io");
        if (request.namespace().isEmpty() || review || !(request.creates() || request.updates())) {
            return;
        }
        var namespace = cluster.look(NAMESPACES, "", request.namespace())
                .or(() -> cluster.findNow(NAMESPACES, "", request.namespace()))
                .orElseThrow(() -> StatusException.notFound(NAMESPACES, request.namespace()));
        if (request.creates() && isTerminating(namespace)) {
            throw terminating(request);
        }
    }

    private static boolean isTerminating(ObjectNode namespace) {
        return namespace.path("status").path("phase").asText("").equals("Terminating");
    }

    private static StatusException terminating(AdmissionRequest request) {
        var forbidden = request.forbidden("unable to create new content in namespace " + request.namespace()
                        + " because it is being terminated")
                .status();
        var cause = new Status.Cause(
                "NamespaceTerminating",
                "namespace " + request.namespace() + " is being terminated",
                "metadata.namespace");
        var resource = request.groupResource();
        return new StatusException(Status.failure(
                403,
                "Forbidden",
                forbidden.message(),
                new Status.Details(request.shownName(), resource.group(), resource.resource(), "", List.of(cause), 0)));
    }
}
