package io.pilothouse.apiserver.services;

import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries what was allocated to a service over to its new state, where a client left it out. */
final class ServiceAllocations {
    private ServiceAllocations() {}

    /** An update that leaves out addresses and ports keeps them. */
    static void keep(ServiceSpec spec, ServiceSpec old) {
        if (!old.isExternalName() && !spec.isExternalName()) {
            if (spec.clusterIp().isEmpty()) {
                spec.set("clusterIP", old.clusterIp());
            }
            if (spec.clusterIps().isEmpty()) {
                spec.set("clusterIPs", old.clusterIps());
            }
        }
        if (old.allocatesNodePorts() && spec.allocatesNodePorts()) {
            keepNodePorts(spec, old);
        }
        if (old.needsHealthCheck()
                && spec.needsHealthCheck()
                && spec.healthCheckNodePort() == 0
                && old.healthCheckNodePort() != 0) {
            spec.tree().put("healthCheckNodePort", old.healthCheckNodePort());
        }
    }

    /** A port keeps the node port of the old port of its name, unless another names it. */
    private static void keepNodePorts(ServiceSpec spec, ServiceSpec old) {
        var used = new HashSet<>(old.nodePorts());
        used.retainAll(spec.nodePorts());
        Map<String, Integer> byName = new HashMap<>();
        old.ports().forEach(p -> byName.put(p.path("name").asText(""), ServiceSpec.nodePort(p)));
        for (var port : spec.ports()) {
            int kept = byName.getOrDefault(port.path("name").asText(""), 0);
            if (ServiceSpec.nodePort(port) == 0 && kept != 0 && !used.contains(kept)) {
                port.put("nodePort", kept);
            }
        }
    }

    /** Brings clusterIP and clusterIPs together, where a client that knows one of them wrote only that. */
    static void alignClusterIps(ServiceSpec spec, @Nullable ServiceSpec old) {
        if (old == null) {
            if (!spec.clusterIp().isEmpty() && spec.clusterIps().isEmpty()) {
                spec.set("clusterIPs", List.of(spec.clusterIp()));
            }
            return;
        }
        if (!old.clusterIps().isEmpty()
                && spec.clusterIps().isEmpty()
                && old.clusterIp().equals(spec.clusterIp())) {
            spec.set("clusterIPs", old.clusterIps());
        }
        if (!old.clusterIp().equals(spec.clusterIp()) && old.clusterIps().equals(spec.clusterIps())) {
            boolean cleared = !old.clusterIp().isEmpty() && spec.clusterIp().isEmpty();
            spec.set("clusterIPs", cleared ? List.of() : List.of(spec.clusterIp()));
        }
    }
}
