package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** What a service's author is warned of. */
final class ServiceWarnings {
    private static final FieldPath SPEC = FieldPath.of("spec");

    private ServiceWarnings() {}

    static List<String> of(ObjectNode service) {
        var spec = ServiceSpec.of(service);
        var out = new ArrayList<String>();
        if (ObjectMeta.annotation(service, ServiceValidation.TOPOLOGY_HINTS).isPresent()) {
            out.add("annotation " + ServiceValidation.TOPOLOGY_HINTS + " is deprecated, please use "
                    + ServiceValidation.TOPOLOGY_MODE + " instead");
        }
        boolean headless = spec.isType("ClusterIP") && spec.clusterIp().equals(ServiceSpec.NONE);
        if (!spec.clusterIp().isEmpty() && !spec.clusterIp().equals(ServiceSpec.NONE)) {
            each(spec, "clusterIPs", IpFormat::ipWarnings, out);
        }
        boolean external = !spec.get("externalIPs").isEmpty();
        if (headless) {
            if (!spec.text("loadBalancerIP").isEmpty()) {
                out.add("spec.loadBalancerIP is ignored for headless services");
            }
            if (external) {
                out.add("spec.externalIPs is ignored for headless services");
            }
            if (!spec.text("sessionAffinity").equals(ServiceSpec.NONE)) {
                out.add("spec.SessionAffinity is ignored for headless services");
            }
        }
        each(spec, "externalIPs", IpFormat::ipWarnings, out);
        if (external && !headless && !spec.isExternalName()) {
            out.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        }
        if (!spec.text("loadBalancerIP").isEmpty()) {
            out.addAll(IpFormat.ipWarnings(SPEC.child("loadBalancerIP"), spec.text("loadBalancerIP")));
        }
        each(spec, "loadBalancerSourceRanges", IpFormat::cidrWarnings, out);
        if (spec.isExternalName() && external) {
            out.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!spec.isExternalName() && !spec.text("externalName").isEmpty()) {
            out.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (spec.text("trafficDistribution").equals("PreferClose")) {
            out.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        return out;
    }

    private static void each(
            ServiceSpec spec, String field, BiFunction<FieldPath, String, List<String>> rule, List<String> out) {
        int i = 0;
        for (JsonNode value : spec.get(field)) {
            out.addAll(rule.apply(SPEC.child(field).index(i++), value.asText()));
        }
    }
}
