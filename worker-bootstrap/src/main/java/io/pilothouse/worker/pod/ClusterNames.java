package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.config.NodeSettings;
import java.io.IOException;

/** Says on a pod that names of services will not be found in it, when no service has the name server's address. */
final class ClusterNames {
    private final ObjectReads reads;
    private final NodeSettings settings;
    private final Events events;

    ClusterNames(ObjectReads reads, NodeSettings settings, Events events) {
        this.reads = reads;
        this.settings = settings;
        this.events = events;
    }

    void warn(JsonNode pod) throws IOException {
        JsonNode spec = pod.path("spec");
        String policy = spec.path("dnsPolicy").asText("ClusterFirst");
        boolean wanted = policy.equals("ClusterFirstWithHostNet")
                || (policy.equals("ClusterFirst") && !spec.path("hostNetwork").asBoolean(false));
        if (!wanted) {
            return;
        }
        String server = settings.clusterDns();
        if (server.isEmpty()) {
            events.warning(
                    pod,
                    "",
                    "MissingClusterDNS",
                    "this node has no cluster name server (--cluster-dns): the pod gets the node's instead");
            return;
        }
        for (JsonNode service :
                reads.read("/api/v1/namespaces/kube-system/services").path("items")) {
            if (service.path("spec").path("clusterIP").asText().equals(server)) {
                return;
            }
        }
        events.warning(
                pod,
                "",
                "MissingClusterDNS",
                "no service in kube-system has the name server's address " + server
                        + ": names are not found in this pod until a DNS add-on such as CoreDNS runs there");
    }
}
