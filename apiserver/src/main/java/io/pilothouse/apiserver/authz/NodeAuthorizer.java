package io.pilothouse.apiserver.authz;

import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.selector.Operator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Node authorization: a kubelet reads its own Node, its own pods and what these refer to, and writes what is its own. What is the same for all
 * nodes is in the role {@code system:node}. The admission plugin NodeRestriction looks at what is written.
 */
public final class NodeAuthorizer implements Authorizer {
    private static final String USER_PREFIX = "system:node:";
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");
    private static final Decision UNKNOWN = Decision.noOpinion("");
    private static final Decision ALLOWED = Decision.allow("");

    private final NodeRelations relations;
    private final List<PolicyRule> rules;

    /** @param rules of the role system:node */
    public NodeAuthorizer(ClusterView cluster, List<PolicyRule> rules) {
        this.relations = new NodeRelations(cluster);
        this.rules = List.copyOf(rules);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        var user = attributes.user();
        if (!user.in("system:nodes") || !user.name().startsWith(USER_PREFIX)) {
            return UNKNOWN;
        }
        String node = user.name().substring(USER_PREFIX.length());
        if (node.isEmpty()) {
            return Decision.noOpinion("unknown node for user \"" + user.name() + "\"");
        }
        if (!attributes.resourceRequest()) {
            return byRole(attributes);
        }
        String name = attributes.name();
        String namespace = attributes.namespace();
        return switch (attributes.group() + "/" + attributes.resource()) {
            case "/secrets" -> read(attributes, node, () -> relations.secret(node, namespace, name));
            case "/configmaps" -> read(attributes, node, () -> relations.configMap(node, namespace, name));
            case "/persistentvolumeclaims" -> claim(attributes, node);
            case "/persistentvolumes" -> get(attributes, node, () -> relations.volume(node, name));
            case "/serviceaccounts" -> serviceAccount(attributes, node);
            case "/nodes" -> node(attributes, node);
            case "/pods" -> pod(attributes, node);
            case "resource.k8s.io/resourceclaims" ->
                get(attributes, node, () -> relations.resourceClaim(node, namespace, name));
            case "resource.k8s.io/resourceslices" -> resourceSlice(attributes, node);
            case "storage.k8s.io/volumeattachments" ->
                get(attributes, node, () -> relations.volumeAttachment(node, name));
            case "storage.k8s.io/csinodes" -> csiNode(attributes, node);
            case "coordination.k8s.io/leases" -> lease(attributes, node);
            case "certificates.k8s.io/podcertificaterequests" -> UNKNOWN;
            default -> byRole(attributes);
        };
    }

    private Decision byRole(Attributes attributes) {
        return rules.stream().anyMatch(rule -> rule.allows(attributes)) ? ALLOWED : UNKNOWN;
    }

    private static Decision read(Attributes attributes, String node, BooleanSupplier related) {
        if (!READS.contains(attributes.verb())) {
            return Decision.noOpinion("can only read resources of this type");
        }
        if (!attributes.subresource().isEmpty()) {
            return Decision.noOpinion("cannot read subresource");
        }
        if (attributes.namespace().isEmpty()) {
            return Decision.noOpinion("can only read namespaced object of this type");
        }
        return named(attributes, node, related);
    }

    private static Decision get(Attributes attributes, String node, BooleanSupplier related) {
        if (!attributes.verb().equals("get")) {
            return Decision.noOpinion("can only get individual resources of this type");
        }
        if (!attributes.subresource().isEmpty()) {
            return Decision.noOpinion("cannot get subresource");
        }
        return named(attributes, node, related);
    }

    private static Decision named(Attributes attributes, String node, BooleanSupplier related) {
        return attributes.name().isEmpty() ? Decision.noOpinion("No Object name found") : decide(node, related);
    }

    private static Decision decide(String node, BooleanSupplier related) {
        return related.getAsBoolean()
                ? ALLOWED
                : Decision.noOpinion("no relationship found between node '" + node + "' and this object");
    }

    private Decision claim(Attributes attributes, String node) {
        BooleanSupplier related = () -> relations.claim(node, attributes.namespace(), attributes.name());
        if (!attributes.subresource().equals("status")) {
            return get(attributes, node, related);
        }
        return switch (attributes.verb()) {
            case "update", "patch" -> named(attributes, node, related);
            default -> Decision.noOpinion("can only get/update/patch this type");
        };
    }

    private Decision serviceAccount(Attributes attributes, String node) {
        BooleanSupplier related = () -> relations.serviceAccount(node, attributes.namespace(), attributes.name());
        if (attributes.verb().equals("get") && attributes.subresource().isEmpty()) {
            return read(attributes, node, related);
        }
        if (!attributes.verb().equals("create") || attributes.name().isEmpty()) {
            return Decision.noOpinion("can only create tokens for individual service accounts");
        }
        if (!attributes.subresource().equals("token")) {
            return Decision.noOpinion("can only create token subresource of serviceaccount");
        }
        return decide(node, related);
    }

    private static Decision lease(Attributes attributes, String node) {
        if (!OWN.contains(attributes.verb())) {
            return Decision.noOpinion("can only get, create, update, patch, or delete a node lease");
        }
        if (!attributes.namespace().equals("kube-node-lease")) {
            return Decision.noOpinion("can only access leases in the \"kube-node-lease\" system namespace");
        }
        if (!attributes.verb().equals("create") && !attributes.name().equals(node)) {
            return Decision.noOpinion("can only access node lease with the same name as the requesting node");
        }
        return ALLOWED;
    }

    private static Decision csiNode(Attributes attributes, String node) {
        if (!OWN.contains(attributes.verb())) {
            return Decision.noOpinion("can only get, create, update, patch, or delete a CSINode");
        }
        if (!attributes.subresource().isEmpty()) {
            return Decision.noOpinion("cannot authorize CSINode subresources");
        }
        if (!attributes.verb().equals("create") && !attributes.name().equals(node)) {
            return Decision.noOpinion("can only access CSINode with the same name as the requesting node");
        }
        return ALLOWED;
    }

    private Decision resourceSlice(Attributes attributes, String node) {
        if (!attributes.subresource().isEmpty()) {
            return Decision.noOpinion("cannot authorize ResourceSlice subresources");
        }
        return switch (attributes.verb()) {
            case "create" -> ALLOWED;
            case "get", "update", "patch", "delete" ->
                named(attributes, node, () -> relations.resourceSlice(node, attributes.name()));
            case "watch", "list", "deletecollection" ->
                selects(attributes, node)
                        ? ALLOWED
                        : Decision.noOpinion(
                                "can only list/watch/deletecollection resourceslices with nodeName field selector");
            default ->
                Decision.noOpinion(
                        "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection");
        };
    }

    /** The name is compared, not looked up: a kubelet may ask before its Node is there. */
    private static Decision node(Attributes attributes, String node) {
        return switch (attributes.fullResource() + ":" + attributes.verb()) {
            case "nodes:create", "nodes:update", "nodes:patch", "nodes/status:update", "nodes/status:patch" -> ALLOWED;
            case "nodes:get", "nodes:list", "nodes:watch" -> {
                if (attributes.name().equals(node)) {
                    yield ALLOWED;
                }
                String what = attributes.name().isEmpty() ? "all nodes" : "'" + attributes.name() + "'";
                yield Decision.noOpinion("node '" + node + "' cannot read " + what + ", only its own Node object");
            }
            default -> UNKNOWN;
        };
    }

    private Decision pod(Attributes attributes, String node) {
        BooleanSupplier related = () -> relations.pod(node, attributes.namespace(), attributes.name());
        return switch (attributes.fullResource() + ":" + attributes.verb()) {
            case "pods:create", "pods:delete", "pods/status:update", "pods/status:patch", "pods/eviction:create" ->
                ALLOWED;
            case "pods:get" -> get(attributes, node, related);
            case "pods:list", "pods:watch" -> {
                if (selects(attributes, node)) {
                    yield ALLOWED;
                }
                yield attributes.name().isEmpty()
                        ? Decision.noOpinion("can only list/watch pods with spec.nodeName field selector")
                        : decide(node, related);
            }
            default -> UNKNOWN;
        };
    }

    private static boolean selects(Attributes attributes, String node) {
        return attributes.fields().requirements().stream()
                .anyMatch(term -> term.key().equals("spec.nodeName")
                        && term.operator() == Operator.EQUALS
                        && term.values().contains(node));
    }
}
