package io.pilothouse.apiserver.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/** Where a node's kubelet listens. */
record KubeletAddress(String host, int port) {
    private static final int DEFAULT_PORT = 10250;

    /** @param preferred the kinds of addresses, best first */
    static KubeletAddress of(ObjectNode node, List<String> preferred) {
        int port = node.path("status")
                .path("daemonEndpoints")
                .path("kubeletEndpoint")
                .path("Port")
                .asInt(DEFAULT_PORT);
        for (String type : preferred) {
            for (var address : node.path("status").path("addresses")) {
                if (address.path("type").asText().equals(type)) {
                    return new KubeletAddress(address.path("address").asText(), port);
                }
            }
        }
        throw StatusException.internalError("no preferred addresses found; known addresses: " + ObjectMeta.name(node)
                + " has " + node.path("status").path("addresses"));
    }
}
