package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Brings services' node ports and the bitmap of what is taken together. A bit that no service has is cleared when that was so several
 * times: its service may be about to be stored. For one thread.
 */
final class NodePortRepair {
    private static final String REPORTER = "portallocator-repair-controller";
    private static final GroupResource SERVICES = new GroupResource("", "services");
    private static final int SIGHTINGS = 3;

    private final NodePorts ports;
    private final ClusterView cluster;
    private final RepairEvents events;
    private final Map<Integer, Integer> leaks = new HashMap<>();

    NodePortRepair(NodePorts ports, ClusterView cluster, RepairEvents events) {
        this.ports = ports;
        this.cluster = cluster;
        this.events = events;
    }

    void run(WriteContext context) {
        var range = ports.range();
        var stored = ports.taken();
        var held = new BitSet();
        var missing = new BitSet();
        for (var service : cluster.list(SERVICES, "")) {
            for (int port : portsOf(service)) {
                int bit = port - range.first();
                if (!range.contains(port)) {
                    warn(
                            service,
                            "PortOutOfRange",
                            "Port " + port + " is not within the port range " + range + "; please recreate service",
                            context);
                } else if (held.get(bit)) {
                    warn(
                            service,
                            "PortAlreadyAllocated",
                            "Port " + port + " was assigned to multiple services; please recreate service",
                            context);
                } else {
                    held.set(bit);
                    if (!stored.get(bit)) {
                        missing.set(bit);
                        warn(service, "PortNotAllocated", "Port " + port + " is not allocated; repairing", context);
                    }
                }
            }
        }
        var leaked = leaked(stored, held);
        if (!missing.isEmpty() || !leaked.isEmpty()) {
            ports.edit(taken -> {
                taken.or(missing);
                taken.andNot(leaked);
                return 0;
            });
        }
    }

    private BitSet leaked(BitSet stored, BitSet held) {
        var unheld = (BitSet) stored.clone();
        unheld.andNot(held);
        leaks.keySet().removeIf(bit -> !unheld.get(bit));
        var out = new BitSet();
        unheld.stream().forEach(bit -> {
            if (leaks.merge(bit, 1, Integer::sum) > SIGHTINGS) {
                out.set(bit);
            }
        });
        return out;
    }

    /** Ports of different protocols may share a node port. */
    private static Set<Integer> portsOf(ObjectNode service) {
        var spec = ServiceSpec.of(service);
        var out = new LinkedHashSet<>(spec.nodePorts());
        if (spec.healthCheckNodePort() != 0) {
            out.add(spec.healthCheckNodePort());
        }
        return out;
    }

    private void warn(ObjectNode service, String reason, String note, WriteContext context) {
        events.warn(service, REPORTER, reason, "PortAllocation", note, context);
    }
}
