package io.pilothouse.apiserver.kinds.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What must hold for an endpoint slice. */
final class EndpointSliceValidation {
    private static final int MOST_ENDPOINTS = 1000;
    private static final int MOST_ADDRESSES = 100;
    private static final int MOST_PORTS = 20_000;
    private static final int MOST_HINTS = 8;
    private static final int MOST_TOPOLOGY_LABELS = 16;

    private EndpointSliceValidation() {}

    /** @param old null for a new slice */
    static List<FieldError> validate(ObjectNode slice, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(slice, errors);
        var type = all.child("addressType");
        type.requiredOneOf("FQDN", "IPv4", "IPv6");
        ports(all.child("ports"));
        boolean kept = old != null && slice.path("endpoints").equals(old.path("endpoints"));
        if (!kept) {
            endpoints(all.child("endpoints"), type.text());
        }
        if (old != null) {
            type.immutable(old.path("addressType"));
        }
        return errors;
    }

    private static boolean tooMany(Field list, int most) {
        if (list.size() > most) {
            list.add(FieldError.tooMany(list.path(), list.size(), most));
            return true;
        }
        return false;
    }

    private static void ports(Field ports) {
        if (tooMany(ports, MOST_PORTS)) {
            return;
        }
        var names = new HashSet<String>();
        ports.each(port -> {
            var name = port.child("name");
            if (!name.isEmpty()) {
                name.matches(LabelFormat::label);
            }
            if (!names.add(name.text())) {
                name.duplicate(name.text());
            }
            var protocol = port.child("protocol");
            if (protocol.present()) {
                protocol.oneOf("SCTP", "TCP", "UDP");
            } else {
                protocol.required("");
            }
            port.child("appProtocol").ifPresent(p -> p.matches(LabelFormat::key));
        });
    }

    private static void endpoints(Field endpoints, String type) {
        if (tooMany(endpoints, MOST_ENDPOINTS)) {
            return;
        }
        endpoints.each(endpoint -> {
            var addresses = endpoint.child("addresses");
            if (addresses.isEmpty()) {
                addresses.required("must contain at least 1 address");
            } else {
                tooMany(addresses, MOST_ADDRESSES);
            }
            addresses.each(address -> address(address, addresses.path(), type));
            endpoint.child("nodeName").ifPresent(name -> name.matches(LabelFormat::subdomain));
            var topology = endpoint.child("deprecatedTopology");
            tooMany(topology, MOST_TOPOLOGY_LABELS);
            topology.labels();
            endpoint.child("hostname").ifPresent(name -> name.matches(LabelFormat::label));
            endpoint.child("hints").ifPresent(EndpointSliceValidation::hints);
        });
    }

    private static void address(Field address, FieldPath list, String type) {
        switch (type) {
            case "IPv4", "IPv6" -> {
                boolean sixth = type.equals("IPv6");
                if (!address.matches(sixth ? IpFormat::ip : IpFormat::strictIp)) {
                    return;
                }
                boolean isSixth =
                        IpAddress.parse(address.text()).map(IpAddress::isV6).orElse(false);
                if (isSixth != sixth) {
                    address.add(FieldError.invalid(list, address.text(), "must be an " + type + " address"));
                }
                address.matches(IpFormat::nonSpecial);
            }
            case "FQDN" -> name(address);
            default -> {}
        }
    }

    /** A fully qualified domain name, which may end with a dot. */
    private static void name(Field address) {
        String name = address.text();
        if (name.isEmpty()) {
            address.required("");
            return;
        }
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        var problems = LabelFormat.subdomain(bare);
        if (!problems.isEmpty()) {
            address.invalid(bare, String.join(",", problems));
            return;
        }
        String[] labels = bare.split("\\.", -1);
        if (labels.length < 2) {
            address.invalid(bare, "should be a domain with at least two segments separated by dots");
            return;
        }
        for (String label : labels) {
            var wrong = LabelFormat.label(label);
            if (!wrong.isEmpty()) {
                address.invalid(label, String.join(",", wrong));
                return;
            }
        }
    }

    private static void hints(Field hints) {
        if (names(hints.child("forZones"), LabelFormat::value)) {
            names(hints.child("forNodes"), LabelFormat::subdomain);
        }
    }

    private static boolean names(Field list, Function<String, List<String>> format) {
        if (tooMany(list, MOST_HINTS)) {
            return false;
        }
        var seen = new HashSet<String>();
        list.each(item -> {
            var name = item.child("name");
            if (!seen.add(name.text())) {
                name.duplicate(name.text());
            }
            name.matches(format);
        });
        return true;
    }
}
