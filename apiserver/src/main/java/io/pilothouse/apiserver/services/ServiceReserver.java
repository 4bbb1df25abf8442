package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.apiserver.registry.Reserver;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.EtcdStore;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reserves a service's cluster IP and node ports. */
public final class ServiceReserver implements Reserver {
    private static final FieldPath SPEC = FieldPath.of("spec");

    private final ClusterIps ips;
    private final NodePorts ports;

    /** @param addresses networking.k8s.io IPAddress */
    public ServiceReserver(
            EtcdStore etcd,
            ObjectCodec codec,
            ResourceDefinition addresses,
            AddressRange range,
            PortRange portRange,
            RandomGenerator random) {
        ips = new ClusterIps(etcd, codec, addresses, range, random);
        ports = new NodePorts(etcd, portRange, random);
    }

    /** The address of the API's own service. */
    public String firstAddress() {
        return ips.range().address(0);
    }

    @Override
    public Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
        var undo = new ArrayList<Runnable>();
        try {
            reserveAddress(object, old, context, undo);
            reservePorts(object, old, undo);
        } catch (RuntimeException e) {
            undo.forEach(Runnable::run);
            throw e;
        }
        return () -> undo.forEach(Runnable::run);
    }

    private void reserveAddress(
            ObjectNode object, @Nullable ObjectNode old, WriteContext context, List<Runnable> undo) {
        var spec = object.withObjectProperty("spec");
        boolean wants = !spec.path("type").asText().equals("ExternalName");
        String present = old == null ? "" : addressOf(old);
        String asked = spec.path("clusterIP").asText("");
        if (!wants || asked.equals("None") || (!present.isEmpty() && present.equals(asked))) {
            return;
        }
        String namespace = ObjectMeta.namespace(object);
        String name = ObjectMeta.name(object);
        String address = asked;
        if (asked.isEmpty()) {
            address = ips.takeAny(namespace, name, context.now());
            if (address.isEmpty()) {
                throw StatusException.internalError("failed to allocate a serviceIP: range is full");
            }
        } else if (!ips.range().contains(asked)) {
            throw invalid(
                    object,
                    FieldError.invalid(
                            SPEC.child("clusterIPs"),
                            spec.path("clusterIPs"),
                            "failed to allocate IP " + asked
                                    + ": the provided network does not match the current range"));
        } else if (!ips.take(asked, namespace, name, context.now())) {
            throw invalid(
                    object,
                    FieldError.invalid(
                            SPEC.child("clusterIPs"),
                            spec.path("clusterIPs"),
                            "failed to allocate IP " + asked + ": provided IP is already allocated"));
        }
        String taken = address;
        undo.add(() -> ips.release(taken, namespace, name));
        spec.put("clusterIP", address);
        spec.putArray("clusterIPs").add(address);
    }

    private void reservePorts(ObjectNode object, @Nullable ObjectNode old, List<Runnable> undo) {
        String type = object.path("spec").path("type").asText();
        boolean wants = type.equals("NodePort")
                || (type.equals("LoadBalancer")
                        && object.path("spec")
                                .path("allocateLoadBalancerNodePorts")
                                .asBoolean(true));
        if (!wants) {
            return;
        }
        var kept = old == null ? List.<Integer>of() : NodePorts.of(old);
        int index = 0;
        for (var port : object.path("spec").path("ports")) {
            int asked = port.path("nodePort").asInt(0);
            var at = SPEC.child("ports").index(index++).child("nodePort");
            if (asked != 0 && kept.contains(asked)) {
                continue;
            }
            if (asked == 0) {
                int given = ports.takeAny();
                ((ObjectNode) port).put("nodePort", given);
                undo.add(() -> ports.release(List.of(given)));
            } else if (!ports.range().contains(asked)) {
                throw invalid(
                        object,
                        FieldError.invalid(
                                at,
                                asked,
                                "provided port is not in the valid range. The range of valid ports is "
                                        + ports.range()));
            } else if (!ports.take(asked)) {
                throw invalid(object, FieldError.invalid(at, asked, "provided port is already allocated"));
            } else {
                undo.add(() -> ports.release(List.of(asked)));
            }
        }
    }

    @Override
    public void release(ObjectNode object) {
        String address = addressOf(object);
        if (!address.isEmpty()) {
            ips.release(address, ObjectMeta.namespace(object), ObjectMeta.name(object));
        }
        var held = NodePorts.of(object);
        if (!held.isEmpty()) {
            ports.release(held);
        }
    }

    @Override
    public void releaseUnneeded(ObjectNode object, ObjectNode old) {
        String before = addressOf(old);
        if (!before.isEmpty() && !before.equals(addressOf(object))) {
            ips.release(before, ObjectMeta.namespace(old), ObjectMeta.name(old));
        }
        var unneeded = new ArrayList<>(NodePorts.of(old));
        unneeded.removeAll(NodePorts.of(object));
        if (!unneeded.isEmpty()) {
            ports.release(unneeded);
        }
    }

    private static String addressOf(ObjectNode service) {
        String address = service.path("spec").path("clusterIP").asText("");
        return address.equals("None") ? "" : address;
    }

    private static StatusException invalid(ObjectNode object, FieldError error) {
        return StatusException.invalid(new GroupKind("", "Service"), ObjectMeta.name(object), List.of(error));
    }
}
