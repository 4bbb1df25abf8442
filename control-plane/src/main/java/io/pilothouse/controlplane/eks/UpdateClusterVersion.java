package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** UpdateClusterVersion: there is one version, so every wish is refused, each in its own words. */
record UpdateClusterVersion(EksContext context) implements Operation {
    @Override
    public String route() {
        return "POST /clusters/{name}/updates";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body().only("version", "clientRequestToken", "force");
        String name = call.path("name");
        ClusterRecord cluster = context.store().cluster(name);
        String wanted = call.body().required("version");
        if (wanted.equals(cluster.spec().version())) {
            throw EksException.invalidParameter(
                            "Cluster is already at the desired configuration with version: " + wanted)
                    .about("clusterName", name);
        }
        throw EksException.invalidParameter("Unsupported Kubernetes minor version update from "
                        + cluster.spec().version() + " to " + wanted)
                .about("clusterName", name);
    }
}
