package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.apiserver.registry.Reserver;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.EtcdStore;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reserves a service's cluster IPs and node ports, and fills the fields that hang together with them. */
public final class ServiceReserver implements Reserver {
    private final ServiceRanges ranges;
    private final AddressObjects addresses;
    private final ClusterIps ips;
    private final NodePorts ports;
    private final ServiceFamilies families;

    /** @param addresses networking.k8s.io IPAddress */
    public ServiceReserver(
            EtcdStore etcd,
            ObjectCodec codec,
            ResourceDefinition addresses,
            ServiceRanges ranges,
            PortRange portRange,
            RandomGenerator random) {
        this.ranges = ranges;
        this.addresses = new AddressObjects(etcd, codec, addresses);
        ips = new ClusterIps(this.addresses, random);
        ports = new NodePorts(etcd, portRange, random);
        families = new ServiceFamilies(ranges);
    }

    /** What the server was told to give services. */
    public ServiceRanges ranges() {
        return ranges;
    }

    AddressObjects addresses() {
        return addresses;
    }

    NodePorts nodePorts() {
        return ports;
    }

    @Override
    public Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
        if (old != null) {
            ServiceAllocations.keep(ServiceSpec.of(object), ServiceSpec.of(old));
        }
        ServiceAllocations.alignClusterIps(ServiceSpec.of(object), old == null ? null : ServiceSpec.of(old));
        families.fill(object, old);
        var clusterIps = ips.new Operation(object, context);
        var nodePorts = ports.new Operation(context.dryRun());
        try {
            if (old == null) {
                clusterIps.allocateAll();
                ServiceNodePorts.allocate(object, nodePorts);
            } else {
                updateAddresses(object, old, clusterIps);
                ServiceNodePorts.update(object, old, nodePorts);
            }
        } catch (RuntimeException e) {
            clusterIps.cancel();
            nodePorts.cancel();
            throw e;
        }
        return new Reservation() {
            @Override
            public void commit() {
                clusterIps.commit();
                nodePorts.commit();
            }

            @Override
            public void cancel() {
                clusterIps.cancel();
                nodePorts.cancel();
            }
        };
    }

    private static void updateAddresses(ObjectNode object, ObjectNode old, ClusterIps.Operation addresses) {
        var spec = ServiceSpec.of(object);
        var before = ServiceSpec.of(old);
        if (ServiceFamilies.keepsPreferredFamilies(spec, before)) {
            return;
        }
        if (before.isExternalName() && !spec.isExternalName()) {
            addresses.allocateAll();
        } else if (before.clusterIps().isEmpty()
                || before.clusterIps().getFirst().equals(ServiceSpec.NONE)) {
            return;
        } else if (!before.isExternalName() && spec.isExternalName()) {
            addresses.releaseLater(before.clusterIps());
        } else if (before.families().size() == 1 && spec.families().size() == 2) {
            addresses.allocateSecond();
        } else if (before.families().size() == 2
                && spec.families().size() == 1
                && before.clusterIps().size() == 2) {
            addresses.releaseLater(List.of(before.clusterIps().get(1)));
        }
    }

    @Override
    public void release(ObjectNode object) {
        var spec = ServiceSpec.of(object);
        if (!spec.isExternalName() && !spec.isHeadless()) {
            ips.release(object);
        }
        var held = new ArrayList<>(spec.nodePorts());
        if (spec.needsHealthCheck()) {
            held.add(spec.healthCheckNodePort());
        }
        ports.release(held);
    }

    @Override
    public List<GroupResource> companions() {
        return List.of(new GroupResource("", "endpoints"));
    }

    static StatusException invalid(ObjectNode service, List<FieldError> errors) {
        return StatusException.invalid(new GroupKind("", "Service"), ObjectMeta.name(service), errors);
    }
}
