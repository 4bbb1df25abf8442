package io.pilothouse.apiserver.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.registry.Refusals;
import java.util.ArrayList;
import java.util.List;

/** Where a node's kubelet listens. */
public record KubeletAddress(String host, int port) {
    private static final int DEFAULT_PORT = 10250;

    /** @param preferred the kinds of addresses, best first */
    public static KubeletAddress of(ObjectNode node, List<String> preferred) {
        int reported = node.path("status")
                .path("daemonEndpoints")
                .path("kubeletEndpoint")
                .path("Port")
                .asInt();
        int port = reported > 0 ? reported : DEFAULT_PORT;
        for (String type : preferred) {
            for (var address : node.path("status").path("addresses")) {
                if (address.path("type").asText().equals(type)) {
                    return new KubeletAddress(address.path("address").asText(), port);
                }
            }
        }
        var known = new ArrayList<String>();
        node.path("status")
                .path("addresses")
                .forEach(address -> known.add("{" + address.path("type").asText() + " "
                        + address.path("address").asText() + "}"));
        throw Refusals.fault("no preferred addresses found; known addresses: [" + String.join(" ", known) + "]");
    }
}
