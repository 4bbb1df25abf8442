package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts services, their node ports and load balancers. */
public final class ServiceUsage implements Evaluator {
    private static final List<String> NAMES =
            List.of("count/services", "services", "services.loadbalancers", "services.nodeports");

    @Override
    public List<String> matching(Collection<String> wanted) {
        return wanted.stream().filter(NAMES::contains).sorted().toList();
    }

    @Override
    public Map<String, Quantity> usage(JsonNode service) {
        var ports = service.path("spec").path("ports");
        boolean balanced = service.path("spec").path("type").asText("").equals("LoadBalancer");
        long nodePorts = 0;
        if (balanced
                && !service.path("spec").path("allocateLoadBalancerNodePorts").asBoolean(true)) {
            for (var port : ports) {
                nodePorts += port.path("nodePort").asInt() == 0 ? 0 : 1;
            }
        } else if (balanced || service.path("spec").path("type").asText("").equals("NodePort")) {
            nodePorts = ports.size();
        }
        Map<String, Quantity> out = new TreeMap<>();
        out.put("count/services", Quantity.of(1));
        out.put("services", Quantity.of(1));
        out.put("services.loadbalancers", Quantity.of(balanced ? 1 : 0));
        out.put("services.nodeports", Quantity.of(nodePorts));
        return out;
    }
}
