package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.SelectorTerms;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;

/** Which tokens a kubelet may ask for: those of accounts whose pods run there, for audiences that those pods name. */
final class NodeTokens {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource CLAIMS = new GroupResource("", "persistentvolumeclaims");
    private static final GroupResource VOLUMES = new GroupResource("", "persistentvolumes");
    private static final GroupResource DRIVERS = new GroupResource("storage.k8s.io", "csidrivers");

    private final ClusterView cluster;
    private final Authorizer authorizer;

    NodeTokens(ClusterView cluster, Authorizer authorizer) {
        this.cluster = cluster;
        this.authorizer = authorizer;
    }

    void check(AdmissionRequest request, String node) {
        var object = request.object();
        if (object == null || !request.creates() || !request.subresource().equals("token")) {
            return;
        }
        var bound = object.path("spec").path("boundObjectRef");
        String name = bound.path("name").asText("");
        if (!bound.path("apiVersion").asText("").equals("v1")
                || !bound.path("kind").asText("").equals("Pod")
                || name.isEmpty()) {
            throw request.forbidden("node requested token not bound to a pod");
        }
        String uid = bound.path("uid").asText("");
        if (uid.isEmpty()) {
            throw request.forbidden("node requested token with a pod binding without a uid");
        }
        var pod = cluster.find(PODS, request.namespace(), name)
                .or(() -> cluster.findNow(PODS, request.namespace(), name))
                .orElseThrow(() -> StatusException.notFound(PODS, name));
        if (!uid.equals(ObjectMeta.uid(pod))) {
            throw request.forbidden("the UID in the bound object reference (" + uid
                    + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        if (!pod.path("spec").path("nodeName").asText("").equals(node)) {
            throw request.forbidden("node requested token bound to a pod scheduled on a different node");
        }
        audience(request, object.path("spec").path("audiences"), pod);
    }

    private void audience(AdmissionRequest request, JsonNode audiences, ObjectNode pod) {
        if (audiences.size() > 1) {
            throw request.forbidden("node may only request 0 or 1 audiences");
        }
        String audience = audiences.isEmpty() ? "" : audiences.get(0).asText();
        for (var volume : pod.path("spec").path("volumes")) {
            if (names(volume, pod, audience)) {
                return;
            }
        }
        var attributes = Attributes.resource(
                        request.user(),
                        "request-serviceaccounts-token-audience",
                        "",
                        audience,
                        "",
                        request.namespace(),
                        request.name())
                .selecting("v1", SelectorTerms.NONE, SelectorTerms.NONE);
        if (!authorizer.authorize(attributes).allowed()) {
            throw request.forbidden("audience " + GoText.quote(audience) + " not found in pod spec volume, "
                    + request.user().name() + " is not authorized to request tokens for this audience");
        }
    }

    private boolean names(JsonNode volume, ObjectNode pod, String audience) {
        for (var source : volume.path("projected").path("sources")) {
            if (source.path("serviceAccountToken").isObject()
                    && source.path("serviceAccountToken")
                            .path("audience")
                            .asText("")
                            .equals(audience)) {
                return true;
            }
        }
        String driver = driver(volume, pod);
        return !driver.isEmpty()
                && cluster.find(DRIVERS, "", driver)
                        .map(d -> d.path("spec").path("tokenRequests"))
                        .filter(requests -> {
                            for (var asked : requests) {
                                if (asked.path("audience").asText("").equals(audience)) {
                                    return true;
                                }
                            }
                            return false;
                        })
                        .isPresent();
    }

    private String driver(JsonNode volume, ObjectNode pod) {
        if (volume.path("csi").isObject()) {
            return volume.path("csi").path("driver").asText("");
        }
        String claim = volume.path("ephemeral").path("volumeClaimTemplate").isObject()
                ? ObjectMeta.name(pod) + "-" + volume.path("name").asText("")
                : volume.path("persistentVolumeClaim").path("claimName").asText("");
        if (claim.isEmpty()) {
            return "";
        }
        return cluster.find(CLAIMS, ObjectMeta.namespace(pod), claim)
                .map(c -> c.path("spec").path("volumeName").asText(""))
                .filter(v -> !v.isEmpty())
                .flatMap(v -> cluster.find(VOLUMES, "", v))
                .map(v -> v.path("spec").path("csi").path("driver").asText(""))
                .orElse("");
    }
}
