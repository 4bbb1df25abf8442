package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** NodeRestriction: a kubelet writes its own node and lease, and the pods that are bound to it, and nothing else. */
public final class NodeRestriction implements AdmissionPlugin {
    private static final String USER_PREFIX = "system:node:";
    private static final GroupResource PODS = new GroupResource("", "pods");

    private final ClusterView cluster;

    public NodeRestriction(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    /** The node that a user is; empty text for one who is none. */
    public static String nodeOf(UserInfo user) {
        return user.in("system:nodes") && user.name().startsWith(USER_PREFIX)
                ? user.name().substring(USER_PREFIX.length())
                : "";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        String node = nodeOf(request.user());
        if (node.isEmpty()) {
            return;
        }
        if (request.is("", "nodes")) {
            node(request, node);
        } else if (request.is("", "pods")) {
            pod(request, node);
        } else if (request.is("coordination.k8s.io", "leases")) {
            lease(request, node);
        } else if (request.is("", "serviceaccounts") && request.subresource().equals("token")) {
            throw refuse(request, "node requested token not bound to a pod");
        }
    }

    private static StatusException refuse(AdmissionRequest request, String why) {
        return StatusException.forbidden(request.definition().groupResource(), request.name(), why);
    }

    private static void node(AdmissionRequest request, String node) {
        String name = request.object() != null && request.name().isEmpty()
                ? ObjectMeta.name(request.object())
                : request.name();
        if (!name.equals(node)) {
            throw refuse(request, "node \"" + node + "\" is not allowed to modify node \"" + name + "\"");
        }
        var object = request.object();
        if (object == null) {
            throw refuse(request, "node \"" + node + "\" cannot delete node");
        }
        restrictedLabels(request, object, node);
        var old = request.old();
        if (old != null
                && !Objects.equals(
                        object.path("spec").path("taints"), old.path("spec").path("taints"))) {
            throw refuse(request, "node \"" + node + "\" is not allowed to modify taints");
        }
        if (!object.path("metadata").path("ownerReferences").isEmpty()
                && (old == null
                        || !old.path("metadata")
                                .path("ownerReferences")
                                .equals(object.path("metadata").path("ownerReferences")))) {
            throw refuse(request, "node \"" + node + "\" is not allowed to set metadata.ownerReferences");
        }
    }

    /** Labels below node-restriction.kubernetes.io are for administrators: workloads rely on them. */
    private static void restrictedLabels(AdmissionRequest request, ObjectNode object, String node) {
        var old = request.old();
        ObjectMeta.labels(object).forEach((key, value) -> {
            int slash = key.indexOf('/');
            String prefix = slash < 0 ? "" : key.substring(0, slash);
            boolean restricted = prefix.equals("node-restriction.kubernetes.io")
                    || prefix.endsWith(".node-restriction.kubernetes.io");
            if (restricted
                    && (old == null || !value.equals(ObjectMeta.labels(old).get(key)))) {
                throw refuse(request, "node \"" + node + "\" is not allowed to set the following labels: " + key);
            }
        });
    }

    private void pod(AdmissionRequest request, String node) {
        switch (request.operation()) {
            case "CREATE" -> create(request, node);
            case "UPDATE" -> requireOwn(request, request.old(), node);
            default ->
                requireOwn(
                        request,
                        cluster.findNow(PODS, request.namespace(), request.name())
                                .orElse(null),
                        node);
        }
    }

    private static void create(AdmissionRequest request, String node) {
        var pod = request.object();
        if (!request.subresource().isEmpty() || pod == null) {
            return;
        }
        if (ObjectMeta.annotation(pod, "kubernetes.io/config.mirror").isEmpty()) {
            throw refuse(
                    request,
                    "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"" + node
                            + "\" can only create mirror pods");
        }
        if (!pod.path("spec").path("nodeName").asText("").equals(node)) {
            throw refuse(request, "node \"" + node + "\" can only create pods with spec.nodeName set to itself");
        }
    }

    private static void requireOwn(AdmissionRequest request, @Nullable ObjectNode pod, String node) {
        if (pod != null && !pod.path("spec").path("nodeName").asText("").equals(node)) {
            throw refuse(request, "node \"" + node + "\" can only update pods with spec.nodeName set to itself");
        }
    }

    private static void lease(AdmissionRequest request, String node) {
        String name = request.object() != null && request.name().isEmpty()
                ? ObjectMeta.name(request.object())
                : request.name();
        if (!request.namespace().equals("kube-node-lease")) {
            throw refuse(request, "can only access leases in the \"kube-node-lease\" system namespace");
        }
        if (!name.equals(node)) {
            throw refuse(request, "can only access node lease with the same name as the requesting node");
        }
    }
}
