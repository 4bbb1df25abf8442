package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A service's spec, read from and written to its tree. */
public record ServiceSpec(ObjectNode tree) {
    public static final String NONE = "None";

    public static ServiceSpec of(ObjectNode service) {
        return new ServiceSpec(
                service.get("spec") instanceof ObjectNode spec ? spec : JsonNodeFactory.instance.objectNode());
    }

    public String text(String field) {
        return tree.path(field).asText("");
    }

    public JsonNode get(String field) {
        return tree.path(field);
    }

    public boolean has(String field) {
        return tree.hasNonNull(field);
    }

    public boolean isType(String type) {
        return text("type").equals(type);
    }

    public boolean isExternalName() {
        return isType("ExternalName");
    }

    public boolean isLoadBalancer() {
        return isType("LoadBalancer");
    }

    /** Whether the service has node ports by its type. */
    public boolean hasNodePorts() {
        return isType("NodePort") || isLoadBalancer();
    }

    /** Whether ports without a node port are given one. */
    public boolean allocatesNodePorts() {
        return isType("NodePort")
                || (isLoadBalancer()
                        && tree.path("allocateLoadBalancerNodePorts").asBoolean(true));
    }

    /** Whether a load balancer must ask nodes if they have endpoints. */
    public boolean needsHealthCheck() {
        return isLoadBalancer() && text("externalTrafficPolicy").equals("Local");
    }

    public boolean isExternallyAccessible() {
        return hasNodePorts()
                || (isType("ClusterIP") && !tree.path("externalIPs").isEmpty());
    }

    public boolean isHeadless() {
        return clusterIps().equals(List.of(NONE));
    }

    public String clusterIp() {
        return text("clusterIP");
    }

    public List<String> clusterIps() {
        return Trees.strings(tree.path("clusterIPs"));
    }

    public List<String> families() {
        return Trees.strings(tree.path("ipFamilies"));
    }

    public String familyPolicy() {
        return text("ipFamilyPolicy");
    }

    public int healthCheckNodePort() {
        return tree.path("healthCheckNodePort").asInt(0);
    }

    public List<ObjectNode> ports() {
        var out = new ArrayList<ObjectNode>();
        Trees.each(tree, "ports", out::add);
        return out;
    }

    /** The node ports of the ports, in their order. */
    public List<Integer> nodePorts() {
        return ports().stream().map(ServiceSpec::nodePort).filter(n -> n != 0).toList();
    }

    public static int nodePort(JsonNode port) {
        return port.path("nodePort").asInt(0);
    }

    /** Sets a list, or removes it where there is nothing in it. */
    public void set(String field, List<String> values) {
        if (values.isEmpty()) {
            tree.remove(field);
        } else {
            var list = tree.putArray(field);
            values.forEach(list::add);
        }
    }

    public void set(String field, String value) {
        if (value.isEmpty()) {
            tree.remove(field);
        } else {
            tree.put(field, value);
        }
    }

    /** The same values at these fields as another service. */
    boolean sameAs(ServiceSpec other, String... fields) {
        return Set.of(fields).stream().allMatch(f -> tree.path(f).equals(other.tree.path(f)));
    }
}
