package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.IpAddress;
import java.util.HashSet;
import java.util.List;

/** What a service says where its author said nothing, and what it says no more when its type changes. */
final class ServiceDefaults {
    private static final int AFFINITY_SECONDS = 10_800;

    private ServiceDefaults() {}

    static void apply(ObjectNode service) {
        var tree = service.withObjectProperty("spec");
        var spec = new ServiceSpec(tree);
        affinity(tree);
        fill(tree, "type", "ClusterIP");
        each(tree, "ports", port -> {
            fill(port, "protocol", "TCP");
            var target = port.path("targetPort");
            if (target.isMissingNode() || target.asText().isEmpty() || (target.isNumber() && target.asInt() == 0)) {
                port.set("targetPort", port.path("port").deepCopy());
            }
        });
        if (spec.isExternallyAccessible()) {
            fill(tree, "externalTrafficPolicy", "Cluster");
        }
        if (spec.hasNodePorts() || spec.isType("ClusterIP")) {
            if (!spec.has("internalTrafficPolicy")) {
                tree.put("internalTrafficPolicy", "Cluster");
            }
        }
        if (spec.isLoadBalancer()) {
            fill(tree, "allocateLoadBalancerNodePorts", true);
            for (var point : service.path("status").path("loadBalancer").path("ingress")) {
                if (!point.path("ip").asText("").isEmpty() && !point.hasNonNull("ipMode")) {
                    ((ObjectNode) point).put("ipMode", "VIP");
                }
            }
        }
    }

    private static void affinity(ObjectNode spec) {
        fill(spec, "sessionAffinity", "None");
        String affinity = spec.path("sessionAffinity").asText();
        if (affinity.equals("None")) {
            spec.remove("sessionAffinityConfig");
        } else if (affinity.equals("ClientIP")
                && !spec.path("sessionAffinityConfig").path("clientIP").hasNonNull("timeoutSeconds")) {
            spec.putObject("sessionAffinityConfig").putObject("clientIP").put("timeoutSeconds", AFFINITY_SECONDS);
        }
    }

    /** Services of before there were families and several addresses are shown as if they had them. */
    static void onRead(ObjectNode service) {
        var spec = ServiceSpec.of(service);
        if (!spec.clusterIp().isEmpty() && spec.clusterIps().isEmpty()) {
            spec.set("clusterIPs", List.of(spec.clusterIp()));
        }
        if (spec.isExternalName()) {
            spec.tree().remove("internalTrafficPolicy");
            return;
        }
        if (!spec.families().isEmpty()) {
            return;
        }
        if (!spec.clusterIp().equals(ServiceSpec.NONE)) {
            spec.set(
                    "ipFamilies",
                    spec.clusterIps().stream()
                            .map(ip ->
                                    IpAddress.parse(ip).map(IpAddress::family).orElse("IPv4"))
                            .toList());
            if (!spec.clusterIps().isEmpty()) {
                spec.set("ipFamilyPolicy", spec.clusterIps().size() == 1 ? "SingleStack" : "RequireDualStack");
            }
        } else if (spec.get("selector").isEmpty()) {
            spec.set("ipFamilies", List.of("IPv4", "IPv6"));
            spec.set("ipFamilyPolicy", "RequireDualStack");
        } else {
            spec.set("ipFamilies", List.of("IPv4"));
            spec.set("ipFamilyPolicy", "SingleStack");
        }
    }

    /** An external name has no traffic policy; a wrong one is left to be refused. */
    static void dropInternalTraffic(ObjectNode service) {
        var spec = ServiceSpec.of(service);
        String policy = spec.text("internalTrafficPolicy");
        if (spec.isExternalName() && (policy.equals("Cluster") || policy.equals("Local"))) {
            spec.tree().remove("internalTrafficPolicy");
        }
    }

    /** Takes away what the new type has no use for, where the client did not touch it too. */
    static void dropUnneeded(ObjectNode service, ObjectNode old) {
        var spec = ServiceSpec.of(service);
        var before = ServiceSpec.of(old);
        if (!before.isExternalName() && spec.isExternalName()) {
            dropAddresses(spec, before);
        }
        if (before.hasNodePorts()
                && !spec.hasNodePorts()
                && new HashSet<>(before.nodePorts()).containsAll(spec.nodePorts())) {
            spec.ports().forEach(port -> port.remove("nodePort"));
        }
        if (before.needsHealthCheck() && !spec.needsHealthCheck()) {
            dropIfSame(spec, before, "healthCheckNodePort");
        }
        if (before.isLoadBalancer() && !spec.isLoadBalancer()) {
            dropIfSame(spec, before, "allocateLoadBalancerNodePorts");
            dropIfSame(spec, before, "loadBalancerClass");
        }
        if (before.isExternallyAccessible() && !spec.isExternallyAccessible()) {
            dropIfSame(spec, before, "externalTrafficPolicy");
        }
        if (!spec.isLoadBalancer()) {
            service.withObjectProperty("status").putObject("loadBalancer");
        }
    }

    private static void dropAddresses(ServiceSpec spec, ServiceSpec before) {
        if (before.sameAs(spec, "clusterIP", "clusterIPs")) {
            spec.tree().remove(List.of("clusterIP", "clusterIPs"));
        }
        dropIfSame(spec, before, "ipFamilies");
        dropIfSame(spec, before, "ipFamilyPolicy");
    }

    private static void dropIfSame(ServiceSpec spec, ServiceSpec before, String field) {
        if (before.sameAs(spec, field)) {
            spec.tree().remove(field);
        }
    }
}
