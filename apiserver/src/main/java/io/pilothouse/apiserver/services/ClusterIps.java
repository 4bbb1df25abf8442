package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** Gives services their cluster IPs, out of the ranges of the ServiceCIDRs that are ready. */
final class ClusterIps {
    private static final FieldPath CLUSTER_IPS = FieldPath.of("spec", "clusterIPs");

    private final AddressObjects objects;
    private final RandomGenerator random;

    ClusterIps(AddressObjects objects, RandomGenerator random) {
        this.objects = objects;
        this.random = random;
    }

    /** One service's addresses in one write. Not for use by several threads. */
    final class Operation {
        private final ObjectNode service;
        private final WriteContext context;
        private final List<Cidr> ranges;
        private final List<IpAddress> taken = new ArrayList<>();
        private final List<IpAddress> unneeded = new ArrayList<>();

        Operation(ObjectNode service, WriteContext context) {
            this.service = service;
            this.context = context;
            this.ranges = ServiceCidrs.ready(context.cluster());
        }

        /** Takes an address of every family that the service has, those that it names and others. */
        void allocateAll() {
            var spec = ServiceSpec.of(service);
            if (spec.isExternalName() || spec.clusterIps().stream().findFirst().equals(Optional.of(ServiceSpec.NONE))) {
                return;
            }
            var ips = new ArrayList<>(spec.clusterIps());
            var families = spec.families();
            for (int i = 0; i < families.size(); i++) {
                String asked = i < ips.size() ? ips.get(i) : "";
                String given = allocate(families.get(i), asked);
                if (i < ips.size()) {
                    ips.set(i, given);
                } else {
                    ips.add(given);
                }
            }
            spec.set("clusterIPs", ips);
            if (!ips.isEmpty()) {
                spec.set("clusterIP", ips.getFirst());
            }
        }

        /** Takes an address of the second family. */
        void allocateSecond() {
            var spec = ServiceSpec.of(service);
            var ips = new ArrayList<>(spec.clusterIps());
            String asked = ips.size() > 1 ? ips.get(1) : "";
            String given = allocate(spec.families().get(1), asked);
            if (ips.size() > 1) {
                ips.set(1, given);
            } else {
                ips.add(given);
            }
            spec.set("clusterIPs", ips);
        }

        private String allocate(String family, String asked) {
            return asked.isEmpty() ? any(family) : named(asked);
        }

        private String any(String family) {
            String namespace = ObjectMeta.namespace(service);
            String name = ObjectMeta.name(service);
            for (var range : ranges) {
                if (!range.family().equals(family)) {
                    continue;
                }
                if (context.dryRun()) {
                    return range.network().toString();
                }
                var given = new AtomicReference<IpAddress>();
                new AddressBand(range).offer(random, ip -> {
                    boolean free = context.cluster()
                            .find(AddressObjects.RESOURCE, "", ip.toString())
                            .isEmpty();
                    if (free && objects.take(ip, namespace, name, context.now())) {
                        given.set(ip);
                        return true;
                    }
                    return false;
                });
                if (given.get() != null) {
                    taken.add(given.get());
                    return given.get().toString();
                }
            }
            throw StatusException.internalError(
                    "failed to allocate a serviceIP for Service \"" + name + "\": range is full");
        }

        private String named(String asked) {
            var ip = IpAddress.parse(asked)
                    .orElseThrow(() -> StatusException.internalError("failed to parse service IP \"" + asked + "\""));
            if (context.dryRun()) {
                requireInSome(ip, asked);
                return asked;
            }
            if (!ServiceCidrs.contain(ranges, ip)) {
                throw refused(asked, "the provided network does not match the current range");
            }
            if (!objects.take(ip, ObjectMeta.namespace(service), ObjectMeta.name(service), context.now())) {
                throw refused(asked, "provided IP is already allocated");
            }
            taken.add(ip);
            return asked;
        }

        /** Upstream's dry run asks one of the ranges alone, and not whether the address is taken. */
        private void requireInSome(IpAddress ip, String asked) {
            if (!ServiceCidrs.contain(ranges, ip)) {
                String range = ranges.isEmpty() ? "" : ranges.getFirst().toString();
                throw refused(
                        asked,
                        "the provided IP (" + ip + ") is not in the valid range. The range of valid IPs is " + range);
            }
        }

        private StatusException refused(String asked, String why) {
            return ServiceReserver.invalid(
                    service,
                    List.of(FieldError.invalid(
                            CLUSTER_IPS,
                            ServiceSpec.of(service).clusterIps(),
                            "failed to allocate IP " + asked + ": " + why)));
        }

        /** Gives addresses back when the write is done. */
        void releaseLater(List<String> addresses) {
            addresses.forEach(a -> IpAddress.parse(a).ifPresent(unneeded::add));
        }

        void commit() {
            give(unneeded);
        }

        void cancel() {
            give(taken);
        }

        private void give(List<IpAddress> addresses) {
            if (!context.dryRun()) {
                addresses.forEach(ip -> objects.release(ip, ObjectMeta.namespace(service), ObjectMeta.name(service)));
            }
        }
    }

    /** Gives back what a service held that is gone. */
    void release(ObjectNode service) {
        for (String text : ServiceSpec.of(service).clusterIps()) {
            IpAddress.parse(text)
                    .ifPresent(ip -> objects.release(ip, ObjectMeta.namespace(service), ObjectMeta.name(service)));
        }
    }
}
