package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;

/** What a kubelet may do with pods: mirror its static ones, and say how those are that run there. */
final class NodePods {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource NODES = new GroupResource("", "nodes");
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final ClusterView cluster;

    NodePods(ClusterView cluster) {
        this.cluster = cluster;
    }

    void check(AdmissionRequest request, String node) {
        switch (request.subresource()) {
            case "" -> pod(request, node);
            case "status" -> status(request, node);
            case "eviction" -> eviction(request, node);
            default ->
                throw request.forbidden("unexpected pod subresource " + GoText.quote(request.subresource())
                        + ", only 'status' and 'eviction' are allowed");
        }
    }

    private void pod(AdmissionRequest request, String node) {
        var object = request.object();
        if (request.creates() && object != null) {
            create(request, object, node);
        } else if (request.deletes()) {
            if (!nodeOf(present(request, request.name())).equals(node)) {
                throw request.forbidden(
                        "node " + GoText.quote(node) + " can only delete pods with spec.nodeName set to itself");
            }
        } else {
            throw request.forbidden("unexpected operation " + GoText.quote(request.operation()) + ", node "
                    + GoText.quote(node) + " can only create and delete mirror pods");
        }
    }

    private ObjectNode present(AdmissionRequest request, String name) {
        return cluster.find(PODS, request.namespace(), name)
                .or(() -> cluster.findNow(PODS, request.namespace(), name))
                .orElseThrow(() -> StatusException.notFound(PODS, name));
    }

    private static String nodeOf(JsonNode pod) {
        return pod.path("spec").path("nodeName").asText("");
    }

    private void create(AdmissionRequest request, ObjectNode pod, String node) {
        String named = "node " + GoText.quote(node);
        if (ObjectMeta.annotation(pod, MIRROR).isEmpty()) {
            throw request.forbidden("pod does not have " + GoText.quote(MIRROR) + " annotation, " + named
                    + " can only create mirror pods");
        }
        if (!nodeOf(pod).equals(node)) {
            throw request.forbidden(named + " can only create pods with spec.nodeName set to itself");
        }
        owner(request, ObjectMeta.ownerReferences(pod), node, named);
        String reference = PodSecrets.reference(pod.path("spec"));
        if (!reference.isEmpty()) {
            throw request.forbidden(named + " can not create pods that reference " + reference);
        }
    }

    private void owner(AdmissionRequest request, List<ObjectNode> owners, String node, String named) {
        if (owners.size() > 1) {
            throw request.forbidden(named + " can only create pods with a single owner reference set to itself");
        }
        var owner = owners.isEmpty() ? null : owners.getFirst();
        if (owner == null
                || !owner.path("apiVersion").asText("").equals("v1")
                || !owner.path("kind").asText("").equals("Node")
                || !owner.path("name").asText("").equals(node)) {
            throw request.forbidden(named + " can only create pods with an owner reference set to itself");
        }
        if (!owner.path("controller").asBoolean()) {
            throw request.forbidden(named + " can only create pods with a controller owner reference set to itself");
        }
        if (owner.path("blockOwnerDeletion").asBoolean()) {
            throw request.forbidden(named + " must not set blockOwnerDeletion on an owner reference");
        }
        var object = cluster.find(NODES, "", node).orElseThrow(() -> StatusException.notFound(NODES, node));
        String uid = owner.path("uid").asText("");
        if (!uid.equals(ObjectMeta.uid(object))) {
            throw request.forbidden(
                    "node " + node + " UID mismatch: expected " + uid + " got " + ObjectMeta.uid(object));
        }
    }

    private static void status(AdmissionRequest request, String node) {
        var pod = request.object();
        var old = request.old();
        String named = "node " + GoText.quote(node);
        if (!request.updates() || pod == null || old == null) {
            throw request.forbidden("unexpected operation " + GoText.quote(request.operation()));
        }
        if (!nodeOf(old).equals(node)) {
            throw request.forbidden(named + " can only update pod status for pods with spec.nodeName set to itself");
        }
        if (!ObjectMeta.labels(pod).equals(ObjectMeta.labels(old))) {
            throw request.forbidden(named + " cannot update labels through pod status");
        }
        if (!claims(pod).equals(claims(old))) {
            throw request.forbidden(named + " cannot update resource claim statues");
        }
        if (!pod.path("status")
                .path("extendedResourceClaimStatus")
                .equals(old.path("status").path("extendedResourceClaimStatus"))) {
            throw request.forbidden(named + " cannot update extended resource claim status");
        }
    }

    private static List<JsonNode> claims(JsonNode pod) {
        List<JsonNode> out = new ArrayList<>();
        for (var claim : pod.path("status").path("resourceClaimStatuses")) {
            out.add(claim.path("name"));
            out.add(claim.path("resourceClaimName"));
        }
        return out;
    }

    private void eviction(AdmissionRequest request, String node) {
        var eviction = request.object();
        if (!request.creates() || eviction == null) {
            throw request.forbidden("unexpected operation " + request.operation());
        }
        String name = request.name().isEmpty() ? ObjectMeta.name(eviction) : request.name();
        if (name.isEmpty()) {
            throw request.forbidden("could not determine pod from request data");
        }
        if (!nodeOf(present(request, name)).equals(node)) {
            throw request.forbidden("node " + node + " can only evict pods with spec.nodeName set to itself");
        }
    }
}
