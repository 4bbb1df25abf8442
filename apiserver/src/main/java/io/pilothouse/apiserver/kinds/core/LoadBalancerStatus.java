package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** What must hold for core/v1 LoadBalancerStatus. */
public final class LoadBalancerStatus {
    private LoadBalancerStatus() {}

    static void validate(Field status, JsonNode old, ServiceSpec spec) {
        var ingress = status.child("ingress");
        if (!spec.isLoadBalancer() && !ingress.isEmpty()) {
            ingress.forbidden("may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        var before = addresses(old);
        ingress.each(point -> {
            ip(point.child("ip"), before);
            mode(point.child("ipMode"), !point.child("ip").isEmpty());
            hostname(point.child("hostname"));
        });
    }

    /** The same for an ingress, whose points have no modes. */
    public static void points(Field status, JsonNode old) {
        var before = addresses(old);
        status.child("ingress").each(point -> {
            ip(point.child("ip"), before);
            hostname(point.child("hostname"));
        });
    }

    private static void ip(Field ip, List<String> before) {
        if (!ip.isEmpty()) {
            LegacyAddresses.ip(ip, before);
        }
    }

    /** The addresses that a load balancer had. */
    private static List<String> addresses(JsonNode status) {
        var out = new ArrayList<String>();
        for (var point : status.path("ingress")) {
            String ip = point.path("ip").asText("");
            if (!ip.isEmpty()) {
                out.add(ip);
            }
        }
        return out;
    }

    private static void mode(Field mode, boolean hasIp) {
        if (!mode.present()) {
            if (hasIp) {
                mode.required("must be specified when `ip` is set");
            }
        } else if (!hasIp) {
            mode.forbidden("may not be specified when `ip` is not set");
        } else {
            mode.oneOf("Proxy", "VIP");
        }
    }

    /** A load balancer is found by a name or by an address, not by an address for a name. */
    private static void hostname(Field hostname) {
        if (hostname.isEmpty()) {
            return;
        }
        hostname.matches(LabelFormat::subdomain);
        if (IpAddress.parse(hostname.text()).isPresent()) {
            hostname.invalid("must be a DNS name, not an IP address");
        }
    }

    /** What to warn of in the points of a service or an ingress. */
    public static List<String> warnings(ObjectNode object) {
        var out = new ArrayList<String>();
        int i = 0;
        for (var point : object.path("status").path("loadBalancer").path("ingress")) {
            var path = FieldPath.of("status", "loadBalancer", "ingress").index(i++);
            String ip = point.path("ip").asText("");
            if (!ip.isEmpty()) {
                out.addAll(IpFormat.ipWarnings(path, ip));
            }
        }
        return out;
    }
}
