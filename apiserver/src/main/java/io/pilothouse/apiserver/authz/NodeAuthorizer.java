package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import java.util.Set;

/**
 * Node authorization: a kubelet reads what the pods that are bound to it refer to, and writes what is its own. What needs no such look is in the
 * role {@code system:node}.
 */
public final class NodeAuthorizer implements Authorizer {
    private static final String USER_PREFIX = "system:node:";
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final Set<String> READS = Set.of("get", "list", "watch");

    private final ClusterView cluster;
    private final List<PolicyRule> rules;

    /** @param rules of the role system:node */
    public NodeAuthorizer(ClusterView cluster, List<PolicyRule> rules) {
        this.cluster = cluster;
        this.rules = List.copyOf(rules);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        var user = attributes.user();
        if (!user.in("system:nodes") || !user.name().startsWith(USER_PREFIX)) {
            return Decision.noOpinion("");
        }
        String node = user.name().substring(USER_PREFIX.length());
        if (attributes.resourceRequest() && attributes.group().isEmpty()) {
            switch (attributes.resource()) {
                case "secrets", "configmaps", "persistentvolumeclaims" -> {
                    return referred(attributes, node);
                }
                case "serviceaccounts" -> {
                    return token(attributes, node);
                }
                default -> {}
            }
        }
        if (attributes.resourceRequest()
                && attributes.group().equals("coordination.k8s.io")
                && attributes.resource().equals("leases")) {
            return lease(attributes, node);
        }
        boolean allowed = rules.stream().anyMatch(rule -> rule.allows(attributes));
        return allowed ? Decision.allow("") : Decision.noOpinion("");
    }

    private static Decision lease(Attributes attributes, String node) {
        if (!attributes.namespace().equals("kube-node-lease")) {
            return Decision.noOpinion("can only access leases in the \"kube-node-lease\" system namespace");
        }
        if (!attributes.verb().equals("create") && !attributes.name().equals(node)) {
            return Decision.noOpinion("can only access node lease with the same name as the requesting node");
        }
        return switch (attributes.verb()) {
            case "get", "create", "update", "patch", "delete" -> Decision.allow("");
            default -> Decision.noOpinion("can only get, create, update, patch, or delete a node lease");
        };
    }

    private Decision token(Attributes attributes, String node) {
        if (!attributes.verb().equals("create") || !attributes.subresource().equals("token")) {
            return attributes.verb().equals("get") && attributes.subresource().isEmpty()
                    ? referred(attributes, node)
                    : Decision.noOpinion("only nodes' pods' tokens can be requested");
        }
        return referred(attributes, node);
    }

    private Decision referred(Attributes attributes, String node) {
        if (!attributes.subresource().isEmpty()
                && !attributes.subresource().equals("token")
                && !attributes.subresource().equals("status")) {
            return Decision.noOpinion("cannot " + attributes.verb() + " subresource");
        }
        if (attributes.name().isEmpty()
                || !(READS.contains(attributes.verb())
                        || !attributes.subresource().isEmpty())) {
            return Decision.noOpinion("No Object name found");
        }
        // A node asks as soon as it is told of a pod, which may be before this server's cache has seen that it was
        // bound.
        boolean related = isReferred(cluster.list(PODS, attributes.namespace()), attributes, node)
                || isReferred(cluster.listNow(PODS, attributes.namespace()), attributes, node);
        return related
                ? Decision.allow("")
                : Decision.noOpinion("no relationship found between node '" + node + "' and this object");
    }

    private static boolean isReferred(List<ObjectNode> pods, Attributes attributes, String node) {
        return pods.stream()
                .anyMatch(pod -> pod.path("spec").path("nodeName").asText("").equals(node)
                        && refers(pod, attributes.resource(), attributes.name()));
    }

    private static boolean refers(ObjectNode pod, String resource, String name) {
        var spec = pod.path("spec");
        return switch (resource) {
            case "serviceaccounts" -> spec.path("serviceAccountName").asText("").equals(name);
            case "persistentvolumeclaims" -> mentions(spec.path("volumes"), "claimName", name);
            case "secrets" ->
                mentionsObject(spec, "secret", "secretName", name)
                        || mentionsObject(spec, "secretKeyRef", "name", name)
                        || mentionsObject(spec, "secretRef", "name", name)
                        || mentions(spec.path("imagePullSecrets"), "name", name);
            default ->
                mentionsObject(spec, "configMap", "name", name)
                        || mentionsObject(spec, "configMapKeyRef", "name", name)
                        || mentionsObject(spec, "configMapRef", "name", name);
        };
    }

    /** Whether somewhere below there is a field of a name with a value. */
    private static boolean mentions(JsonNode node, String field, String value) {
        return node.findValues(field).stream().anyMatch(v -> v.asText().equals(value));
    }

    private static boolean mentionsObject(JsonNode node, String object, String field, String value) {
        return node.findValues(object).stream()
                .anyMatch(o -> o.path(field).asText("").equals(value)
                        || (object.equals("secret") && o.path("name").asText("").equals(value)));
    }
}
