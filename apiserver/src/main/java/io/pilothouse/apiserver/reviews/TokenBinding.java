package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.ServiceAccountTokens.Bound;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.Optional;

/** The object that a token is asked to live and die with. */
record TokenBinding(ClusterView cluster, JsonNode reference, ObjectNode account) {
    private static final GroupResource NODES = new GroupResource("", "nodes");

    /** What was found: the object itself and, of a pod, the node it is bound to. */
    record Found(Optional<Bound> object, Optional<Bound> node) {}

    /** @throws StatusException if it is not there, or not one that the account's tokens may be bound to */
    Found find() {
        if (!reference.isObject()) {
            return new Found(Optional.empty(), Optional.empty());
        }
        String kind = reference.path("kind").asText();
        String version = reference.path("apiVersion").asText();
        String group = GroupVersion.parse(version).group();
        String plural = group.isEmpty()
                ? switch (kind) {
                    case "Pod" -> "pods";
                    case "Secret" -> "secrets";
                    case "Node" -> "nodes";
                    default -> "";
                }
                : "";
        if (plural.isEmpty()) {
            throw StatusException.badRequest("cannot bind token to object of type "
                    + (version.contains("/") ? version : "/" + version) + ", Kind=" + kind);
        }
        var resource = new GroupResource("", plural);
        String name = reference.path("name").asText();
        var object = cluster.findNow(resource, kind.equals("Node") ? "" : ObjectMeta.namespace(account), name)
                .orElseThrow(() -> StatusException.notFound(resource, name));
        var node = kind.equals("Pod") ? nodeOf(object) : Optional.<Bound>empty();
        String uid = reference.path("uid").asText("");
        if (!uid.isEmpty() && !uid.equals(ObjectMeta.uid(object))) {
            throw StatusException.conflict(
                    new GroupResource("", kind),
                    name,
                    "the UID in the bound object reference (" + uid
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        return new Found(Optional.of(new Bound(kind, name, ObjectMeta.uid(object))), node);
    }

    private Optional<Bound> nodeOf(ObjectNode pod) {
        if (!pod.path("spec").path("serviceAccountName").asText("").equals(ObjectMeta.name(account))) {
            throw StatusException.badRequest("cannot bind token for serviceaccount "
                    + GoText.quote(ObjectMeta.name(account))
                    + " to pod running with different serviceaccount name.");
        }
        return Optional.of(pod.path("spec").path("nodeName").asText(""))
                .filter(name -> !name.isEmpty())
                .map(name -> new Bound(
                        "Node",
                        name,
                        cluster.find(NODES, "", name)
                                .or(() -> cluster.findNow(NODES, "", name))
                                .map(ObjectMeta::uid)
                                .orElse("")));
    }
}
