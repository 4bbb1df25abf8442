package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** NodeRestriction: a kubelet writes its own node and lease, and the pods that are bound to it, and nothing else. */
public final class NodeRestriction implements AdmissionPlugin {
    private static final String USER_PREFIX = "system:node:";
    private static final Set<String> NODE_SIGNERS =
            Set.of("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet");

    private final NodePods pods;
    private final NodeTokens tokens;
    private final NodeCertificates certificates;

    public NodeRestriction(ClusterView cluster, Authorizer authorizer) {
        this.pods = new NodePods(cluster);
        this.tokens = new NodeTokens(cluster, authorizer);
        this.certificates = new NodeCertificates(cluster);
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    /** Whether a user is a node at all. */
    static boolean isNode(UserInfo user) {
        return user.in("system:nodes") && user.name().startsWith(USER_PREFIX);
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!isNode(request.user()) || request.operation().equals("CONNECT")) {
            return;
        }
        String node = request.user().name().substring(USER_PREFIX.length());
        if (node.isEmpty()) {
            throw request.forbidden("could not determine node from user "
                    + GoText.quote(request.user().name()));
        }
        switch (request.groupResource().toString()) {
            case "pods" -> pods.check(request, node);
            case "nodes" -> NodeObjects.check(request, node);
            case "persistentvolumeclaims" -> claim(request, node);
            case "serviceaccounts" -> tokens.check(request, node);
            case "leases.coordination.k8s.io" -> lease(request, node);
            case "csinodes.storage.k8s.io" ->
                requireOwnName(request, node, "can only access CSINode with the same name as the requesting node");
            case "resourceslices.resource.k8s.io" -> slice(request, node);
            case "certificatesigningrequests.certificates.k8s.io" -> signingRequest(request, node);
            case "podcertificaterequests.certificates.k8s.io" -> certificates.check(request, node);
            default -> {}
        }
    }

    private static void claim(AdmissionRequest request, String node) {
        var object = request.object();
        var old = request.old();
        if (!request.subresource().equals("status")) {
            throw request.forbidden("may only update PVC status");
        }
        if (!request.updates() || object == null || old == null) {
            throw request.forbidden("unexpected operation " + GoText.quote(request.operation()));
        }
        if (!fixed(object).equals(fixed(old))) {
            throw request.forbidden("node " + GoText.quote(node)
                    + " is not allowed to update fields other than status.quantity and status.conditions: ");
        }
    }

    /** A claim without what a node may write of it. */
    private static ObjectNode fixed(ObjectNode claim) {
        var rest = claim.deepCopy();
        rest.withObjectProperty("metadata").remove(List.of("resourceVersion", "managedFields"));
        rest.withObjectProperty("status")
                .remove(List.of("capacity", "conditions", "allocatedResourceStatuses", "allocatedResources"));
        return rest;
    }

    private static void lease(AdmissionRequest request, String node) {
        if (!request.namespace().equals("kube-node-lease")) {
            throw request.forbidden("can only access leases in the \"kube-node-lease\" system namespace");
        }
        requireOwnName(request, node, "can only access node lease with the same name as the requesting node");
    }

    private static void requireOwnName(AdmissionRequest request, String node, String otherwise) {
        var object = request.object();
        String name = request.creates() && object != null ? ObjectMeta.name(object) : request.name();
        if (!name.equals(node)) {
            throw request.forbidden(otherwise);
        }
    }

    private static void slice(AdmissionRequest request, String node) {
        var slice = request.creates() ? request.object() : request.deletes() ? request.old() : null;
        if (slice != null && !slice.path("spec").path("nodeName").asText("").equals(node)) {
            throw request.forbidden("can only " + (request.creates() ? "create" : "delete")
                    + " ResourceSlice with the same NodeName as the requesting node");
        }
    }

    private static void signingRequest(AdmissionRequest request, String node) {
        var object = request.object();
        if (object == null
                || !request.creates()
                || !NODE_SIGNERS.contains(object.path("spec").path("signerName").asText(""))) {
            return;
        }
        try {
            String name = CertificateText.read(
                            object.path("spec").path("request").asText(""))
                    .commonName();
            if (!name.equals(USER_PREFIX + node)) {
                throw request.forbidden("can only create a node CSR with CN=" + USER_PREFIX + node);
            }
        } catch (IOException e) {
            throw request.forbidden("unable to parse csr: " + e.getMessage());
        }
    }
}
