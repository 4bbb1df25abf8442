package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;

/** NamespaceExists: whatever is done in a namespace needs it to be there. NamespaceLifecycle has taken its place long ago. */
public final class NamespaceExists implements AdmissionPlugin {
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");

    private final ClusterView cluster;

    public NamespaceExists(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "NamespaceExists";
    }

    @Override
    public void validate(AdmissionRequest request) {
        String namespace = request.namespace();
        if (!namespace.isEmpty()
                && !request.is("", "namespaces")
                && (request.creates() || request.updates() || request.deletes())
                && cluster.find(NAMESPACES, "", namespace).isEmpty()
                && cluster.findNow(NAMESPACES, "", namespace).isEmpty()) {
            throw StatusException.notFound(NAMESPACES, namespace);
        }
    }
}
