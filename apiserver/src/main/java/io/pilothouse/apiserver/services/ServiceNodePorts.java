package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.status.StatusException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Takes the node ports that a service names or needs. */
final class ServiceNodePorts {
    private ServiceNodePorts() {}

    /** Of a new service. Ports of one number share their node port, as DNS has one for TCP and UDP. */
    static void allocate(ObjectNode service, NodePorts.Operation ports) {
        var spec = ServiceSpec.of(service);
        if (spec.hasNodePorts()) {
            allocatePorts(service, spec, ports);
        }
        if (spec.needsHealthCheck()) {
            allocateHealthCheck(spec, ports);
        }
    }

    private static void allocatePorts(ObjectNode service, ServiceSpec spec, NodePorts.Operation ports) {
        Map<Integer, Integer> given = new HashMap<>();
        var all = spec.ports();
        for (int i = 0; i < all.size(); i++) {
            var port = all.get(i);
            int number = port.path("port").asInt(0);
            int asked = ServiceSpec.nodePort(port);
            if (asked == 0 && !spec.allocatesNodePorts()) {
                continue;
            }
            Integer before = given.get(number);
            if (before == null) {
                int wanted = named(all, number);
                if (wanted == 0) {
                    wanted = takeAny(ports);
                } else {
                    take(service, i, wanted, ports);
                }
                port.put("nodePort", wanted);
                given.put(number, wanted);
            } else if (asked == 0) {
                port.put("nodePort", before);
            } else if (asked != before) {
                take(service, i, asked, ports);
            }
        }
    }

    private static int named(List<ObjectNode> ports, int number) {
        return ports.stream()
                .filter(p -> p.path("port").asInt(0) == number && ServiceSpec.nodePort(p) != 0)
                .map(ServiceSpec::nodePort)
                .findFirst()
                .orElse(0);
    }

    private static void take(ObjectNode service, int index, int port, NodePorts.Operation ports) {
        try {
            ports.take(port);
        } catch (NodePorts.Refused refused) {
            var at = FieldPath.of("spec", "ports").index(index).child("nodePort");
            throw ServiceReserver.invalid(
                    service, List.of(FieldError.invalid(at, port, String.valueOf(refused.getMessage()))));
        }
    }

    private static int takeAny(NodePorts.Operation ports) {
        try {
            return ports.takeAny();
        } catch (NodePorts.Refused refused) {
            throw StatusException.internalError("failed to allocate a nodePort: " + refused.getMessage());
        }
    }

    private static void allocateHealthCheck(ServiceSpec spec, NodePorts.Operation ports) {
        int asked = spec.healthCheckNodePort();
        try {
            if (asked == 0) {
                spec.tree().put("healthCheckNodePort", ports.takeAny());
            } else {
                ports.take(asked);
            }
        } catch (NodePorts.Refused refused) {
            throw StatusException.internalError(
                    asked == 0
                            ? "failed to allocate a HealthCheck NodePort 0: " + refused.getMessage()
                            : "failed to allocate requested HealthCheck NodePort " + asked + ": "
                                    + refused.getMessage());
        }
    }

    /** Of a changed service. */
    static void update(ObjectNode service, ObjectNode old, NodePorts.Operation ports) {
        var spec = ServiceSpec.of(service);
        var before = ServiceSpec.of(old);
        if (before.hasNodePorts() && (spec.isExternalName() || spec.isType("ClusterIP"))) {
            before.nodePorts().forEach(ports::releaseLater);
        }
        if (spec.hasNodePorts()) {
            updatePorts(service, spec, before.nodePorts(), ports);
        }
        if (!before.needsHealthCheck() && spec.needsHealthCheck()) {
            allocateHealthCheck(spec, ports);
        } else if (before.needsHealthCheck() && !spec.needsHealthCheck()) {
            ports.releaseLater(before.healthCheckNodePort());
        }
    }

    private static void updatePorts(
            ObjectNode service, ServiceSpec spec, List<Integer> before, NodePorts.Operation ports) {
        var taken = new HashSet<Integer>();
        var seen = new HashSet<String>();
        var all = spec.ports();
        for (int i = 0; i < all.size(); i++) {
            var port = all.get(i);
            int asked = ServiceSpec.nodePort(port);
            if (asked == 0) {
                if (!spec.allocatesNodePorts()) {
                    continue;
                }
                port.put("nodePort", takeAny(ports));
            } else if (!before.contains(asked) && taken.add(asked)) {
                take(service, i, asked, ports);
            }
            String key = "{" + port.path("protocol").asText() + " " + ServiceSpec.nodePort(port) + "}";
            if (!seen.add(key)) {
                throw StatusException.of(500, "", "duplicate nodePort: " + key);
            }
        }
        var now = spec.nodePorts();
        before.stream().filter(p -> !now.contains(p)).forEach(ports::releaseLater);
    }
}
