package io.pilothouse.apiserver.admission;

import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
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
        if (request.operation().equals("DELETE") && request.is("", "namespaces") && IMMORTAL.contains(request.name())) {
            throw StatusException.forbidden(NAMESPACES, request.name(), "this namespace may not be deleted");
        }
        if (!request.operation().equals("CREATE") || request.namespace().isEmpty() || request.is("", "namespaces")) {
            return;
        }
        var namespace = cluster.find(NAMESPACES, "", request.namespace())
                .or(() -> cluster.findNow(NAMESPACES, "", request.namespace()));
        if (namespace.isEmpty()) {
            throw StatusException.notFound(NAMESPACES, request.namespace());
        }
        if (ObjectMeta.isTerminating(namespace.get())) {
            var resource = request.definition().groupResource();
            var forbidden = StatusException.forbidden(
                            resource,
                            request.name(),
                            "unable to create new content in namespace " + request.namespace()
                                    + " because it is being terminated")
                    .status();
            var cause = new Status.Cause(
                    "NamespaceTerminating",
                    "namespace " + request.namespace() + " is being terminated",
                    "metadata.namespace");
            throw new StatusException(Status.failure(
                    403,
                    "Forbidden",
                    forbidden.message(),
                    new Status.Details(request.name(), resource.group(), resource.resource(), "", List.of(cause), 0)));
        }
    }
}
