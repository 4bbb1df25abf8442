package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** What must hold for core/v1 LoadBalancerStatus. */
final class LoadBalancerStatus {
    private LoadBalancerStatus() {}

    static void validate(Field status, JsonNode old, ServiceSpec spec) {
        var ingress = status.child("ingress");
        if (!spec.isLoadBalancer() && !ingress.isEmpty()) {
            ingress.forbidden("may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        var before = addresses(old);
        ingress.each(point -> {
            var ip = point.child("ip");
            if (!ip.isEmpty()) {
                LegacyAddresses.ip(ip, before);
            }
            mode(point.child("ipMode"), !ip.isEmpty());
            hostname(point.child("hostname"));
        });
    }

    /** The addresses that a load balancer had. */
    static List<String> addresses(JsonNode status) {
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
    static void hostname(Field hostname) {
        if (hostname.isEmpty()) {
            return;
        }
        hostname.matches(LabelFormat::subdomain);
        if (IpAddress.parse(hostname.text()).isPresent()) {
            hostname.invalid("must be a DNS name, not an IP address");
        }
    }
}
