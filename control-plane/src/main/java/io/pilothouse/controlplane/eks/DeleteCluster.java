package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.controlplane.eks.ClusterRecord.Status;
import java.io.IOException;

/** DeleteCluster: marks the cluster; the reconciler takes it down. */
record DeleteCluster(EksContext context) implements Operation {
    @Override
    public String route() {
        return "DELETE /clusters/{name}";
    }

    @Override
    public JsonNode handle(EksCall call) throws IOException {
        String name = call.path("name");
        context.store().cluster(name);
        if (!context.store().nodegroupsOf(name).isEmpty()) {
            throw EksException.inUse("Cluster has nodegroups attached").about("clusterName", name);
        }
        ClusterRecord marked = context.store()
                .clusters()
                .update(name, c -> {
                    if (c.spec().deletionProtection()) {
                        throw EksException.invalidRequest("Cluster " + name + " has deletion protection enabled.")
                                .about("clusterName", name);
                    }
                    return c.in(Status.DELETING);
                })
                .orElseThrow(() -> EksException.notFound("No cluster found for name: " + name + ".")
                        .about("clusterName", name));
        context.changes().cluster(name);
        return Views.of("cluster", new Views(context).cluster(marked));
    }
}
