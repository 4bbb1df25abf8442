package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a service says where its author said nothing, on a cluster of one address family. */
final class ServiceDefaults {
    private static final int AFFINITY_SECONDS = 10_800;

    private ServiceDefaults() {}

    static void apply(ObjectNode service) {
        var spec = service.withObjectProperty("spec");
        fill(spec, "sessionAffinity", "None");
        if (spec.path("sessionAffinity").asText().equals("None")) {
            spec.remove("sessionAffinityConfig");
        } else {
            fill(
                    spec.withObjectProperty("sessionAffinityConfig").withObjectProperty("clientIP"),
                    "timeoutSeconds",
                    AFFINITY_SECONDS);
        }
        fill(spec, "type", "ClusterIP");
        String type = spec.path("type").asText();
        each(spec, "ports", port -> {
            fill(port, "protocol", "TCP");
            var target = port.path("targetPort");
            if (target.isMissingNode()
                    || target.asText().equals("0")
                    || target.asText().isEmpty()) {
                port.set("targetPort", port.path("port").deepCopy());
            }
        });
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            fill(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            fill(spec, "allocateLoadBalancerNodePorts", true);
        }
        if (!type.equals("ExternalName")) {
            fill(spec, "internalTrafficPolicy", "Cluster");
        }
        var status = service.withObjectProperty("status");
        if (!status.has("loadBalancer")) {
            status.putObject("loadBalancer");
        }
    }

    /** What belongs to a service's addresses; set after the client's fields were noted as its own. */
    static void families(ObjectNode service) {
        var spec = service.withObjectProperty("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            return;
        }
        boolean headless = spec.path("clusterIP").asText("").equals("None");
        String address = spec.path("clusterIP").asText("");
        if (spec.path("clusterIPs").isEmpty() && !address.isEmpty()) {
            spec.putArray("clusterIPs").add(address);
        } else if (address.isEmpty() && !spec.path("clusterIPs").isEmpty()) {
            spec.put("clusterIP", spec.path("clusterIPs").get(0).asText());
        }
        boolean anyFamily = headless && spec.path("selector").isEmpty();
        fill(spec, "ipFamilyPolicy", anyFamily ? "RequireDualStack" : "SingleStack");
        if (spec.path("ipFamilies").isEmpty()) {
            var families = spec.putArray("ipFamilies").add("IPv4");
            if (spec.path("ipFamilyPolicy").asText().equals("RequireDualStack") && headless) {
                families.add("IPv6");
            }
        }
    }

    /** An update that leaves out what was allocated keeps it. */
    static void keepAllocations(ObjectNode service, ObjectNode old) {
        var spec = service.withObjectProperty("spec");
        var before = old.path("spec");
        boolean external = spec.path("type").asText().equals("ExternalName");
        if (external) {
            for (String field :
                    new String[] {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"}) {
                spec.remove(field);
            }
            return;
        }
        if (!before.path("type").asText().equals("ExternalName")
                && spec.path("clusterIP").asText("").isEmpty()
                && !before.path("clusterIP").asText("").isEmpty()) {
            spec.set("clusterIP", before.get("clusterIP"));
            spec.set("clusterIPs", before.get("clusterIPs"));
        }
        boolean exposed = spec.path("type").asText().equals("NodePort")
                || spec.path("type").asText().equals("LoadBalancer");
        each(spec, "ports", port -> {
            if (!exposed) {
                for (var oldPort : before.path("ports")) {
                    if (oldPort.path("nodePort").equals(port.path("nodePort"))) {
                        port.remove("nodePort");
                    }
                }
            } else if (port.path("nodePort").asInt(0) == 0) {
                for (var oldPort : before.path("ports")) {
                    if (oldPort.path("port").equals(port.path("port"))
                            && oldPort.path("protocol").equals(port.path("protocol"))
                            && oldPort.has("nodePort")) {
                        port.set("nodePort", oldPort.get("nodePort"));
                    }
                }
            }
        });
    }
}
