package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Brings services' cluster IPs and the IPAddress objects together, where one is without the other. */
final class AddressRepair {
    private static final String REPORTER = "ipallocator-repair-controller";
    private static final GroupResource SERVICES = new GroupResource("", "services");
    /** An address is taken before its service is stored: that long its owner may be missing. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private static final Duration SHORT_GRACE = Duration.ofSeconds(5);

    private final AddressObjects objects;
    private final Registry registry;
    private final ResourceDefinition definition;
    private final RepairEvents events;

    AddressRepair(AddressObjects objects, Registry registry, ResourceIndex resources, RepairEvents events) {
        this.objects = objects;
        this.registry = registry;
        this.definition = resources.find(AddressObjects.RESOURCE).orElseThrow();
        this.events = events;
    }

    void run(WriteContext context) {
        var ranges = ServiceCidrs.configured(registry);
        for (var service : registry.list(SERVICES, "")) {
            var spec = ServiceSpec.of(service);
            if (spec.isExternalName()
                    || spec.clusterIp().isEmpty()
                    || spec.clusterIp().equals(ServiceSpec.NONE)) {
                continue;
            }
            spec.clusterIps().forEach(ip -> address(service, ip, ranges, context));
        }
        registry.list(AddressObjects.RESOURCE, "").forEach(address -> owner(address, context));
    }

    private void address(ObjectNode service, String text, List<Cidr> ranges, WriteContext context) {
        var parsed = IpAddress.parse(text);
        if (parsed.isEmpty()) {
            warn(
                    service,
                    "ClusterIPNotValid",
                    "ClusterIPValidation",
                    "Cluster IP " + text + " is not a valid IP; please recreate Service",
                    context);
            return;
        }
        var ip = parsed.get();
        String shown = "[" + ip.family() + "]: " + ip;
        if (!ServiceCidrs.contain(ranges, ip)) {
            warn(
                    service,
                    "ClusterIPOutOfRange",
                    "ClusterIPAllocation",
                    "Cluster IP " + shown + " is not within any configured Service CIDR; please recreate service",
                    context);
            return;
        }
        Optional<ObjectNode> held = registry.find(AddressObjects.RESOURCE, "", ip.toString());
        if (held.isEmpty()) {
            warn(
                    service,
                    "ClusterIPNotAllocated",
                    "ClusterIPAllocation",
                    "Cluster IP " + shown + " is not allocated; repairing",
                    context);
            take(ip, service, context);
            return;
        }
        var parent = held.get().path("spec").path("parentRef");
        var other = isService(parent) ? service(parent) : Optional.<ObjectNode>empty();
        if (other.isEmpty()) {
            warn(
                    service,
                    "ClusterIPNotAllocated",
                    "ClusterIPAllocation",
                    "the ClusterIP " + shown + " for Service " + ObjectMeta.key(service)
                            + " has a wrong reference; repairing",
                    context);
            retake(ip, service, context);
        } else if (!ObjectMeta.key(other.get()).equals(ObjectMeta.key(service))
                && ServiceSpec.of(other.get()).clusterIps().contains(ip.toString())) {
            warn(
                    service,
                    "ClusterIPAlreadyAllocated",
                    "ClusterIPAllocation",
                    "Cluster IP [" + ip.family() + "]:" + ip
                            + " was assigned to multiple services; please recreate service",
                    context);
        } else if (!isLabelled(held.get(), ip)) {
            retake(ip, service, context);
        }
    }

    private static boolean isLabelled(ObjectNode address, IpAddress ip) {
        return isManaged(address)
                && ObjectMeta.label(address, AddressObjects.FAMILY_LABEL).equals(Optional.of(ip.family()));
    }

    private static boolean isManaged(ObjectNode address) {
        return ObjectMeta.label(address, AddressObjects.MANAGED_BY_LABEL)
                .equals(Optional.of(AddressObjects.MANAGED_BY));
    }

    private static boolean isService(JsonNode parent) {
        return parent.path("group").asText("").isEmpty()
                && parent.path("resource").asText("").equals("services");
    }

    private Optional<ObjectNode> service(JsonNode parent) {
        return registry.findNow(
                SERVICES,
                parent.path("namespace").asText(""),
                parent.path("name").asText(""));
    }

    /** Lets go of an address that no service has. */
    private void owner(ObjectNode address, WriteContext context) {
        if (!isManaged(address)) {
            return;
        }
        String name = ObjectMeta.name(address);
        var parent = address.path("spec").path("parentRef");
        if (!isService(parent)) {
            warn(
                    address,
                    "IPAddressNotAllocated",
                    "IPAddressAllocation",
                    "IPAddress " + name + " appears to have been modified, not referencing a Service: cleaning up",
                    context);
            delete(name, context);
            return;
        }
        var service = service(parent);
        String key =
                parent.path("namespace").asText() + "/" + parent.path("name").asText();
        Instant created = ObjectMeta.creationTimestamp(address).orElse(Instant.EPOCH);
        var age = Duration.between(created, context.now());
        if (service.isEmpty()) {
            if (age.compareTo(GRACE) > 0) {
                warn(
                        address,
                        "IPAddressNotAllocated",
                        "IPAddressAllocation",
                        "IPAddress: " + name + " for Service " + key + " appears to have leaked: cleaning up",
                        context);
                delete(name, context);
            }
            return;
        }
        var spec = ServiceSpec.of(service.get());
        boolean mayBeOnItsWay = age.compareTo(spec.isExternalName() ? GRACE : SHORT_GRACE) < 0;
        if (spec.clusterIps().contains(name) || mayBeOnItsWay) {
            return;
        }
        warn(
                address,
                "IPAddressWrongReference",
                "IPAddressAllocation",
                "IPAddress: " + name + " for Service " + key + " has a wrong reference; cleaning up",
                context);
        delete(name, context);
    }

    private void take(IpAddress ip, ObjectNode service, WriteContext context) {
        objects.take(ip, ObjectMeta.namespace(service), ObjectMeta.name(service), context.now());
    }

    private void retake(IpAddress ip, ObjectNode service, WriteContext context) {
        delete(ip.toString(), context);
        take(ip, service, context);
    }

    private void delete(String name, WriteContext context) {
        try {
            registry.delete(definition, name, DeleteOptions.DEFAULT, context, gone -> {});
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private void warn(ObjectNode about, String reason, String action, String note, WriteContext context) {
        events.warn(about, REPORTER, reason, action, note, context);
    }
}
