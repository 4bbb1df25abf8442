package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;

/** Which pod certificates a kubelet may ask for: those of pods that run there, as they are now. */
final class NodeCertificates {
    private final ClusterView cluster;

    NodeCertificates(ClusterView cluster) {
        this.cluster = cluster;
    }

    void check(AdmissionRequest request, String node) {
        var object = request.object();
        if (!request.creates() || object == null) {
            throw request.forbidden("unexpected operation " + request.operation());
        }
        if (!request.subresource().isEmpty()) {
            throw request.forbidden("unexpected subresource " + request.subresource());
        }
        var spec = object.path("spec");
        String nodeName = text(spec, "nodeName");
        if (!nodeName.equals(node)) {
            throw request.forbidden("PodCertificateRequest.Spec.NodeName=" + GoText.quote(nodeName)
                    + ", which is not the requesting node " + GoText.quote(node));
        }
        String pod = GoText.quote(request.namespace() + "/" + text(spec, "podName"));
        var nodeObject = present("nodes", "", nodeName, "node " + GoText.quote(nodeName));
        if (!ObjectMeta.uid(nodeObject).equals(text(spec, "nodeUID"))) {
            throw fault("PodCertificateRequest for pod " + pod + " names node UID "
                    + GoText.quote(text(spec, "nodeUID")) + ", inconsistent with the running node ("
                    + GoText.quote(ObjectMeta.uid(nodeObject)) + ")");
        }
        var podObject = present("pods", request.namespace(), text(spec, "podName"), "pod " + pod);
        if (!ObjectMeta.uid(podObject).equals(text(spec, "podUID"))) {
            throw fault(
                    "PodCertificateRequest for pod " + pod + " contains pod UID (" + GoText.quote(text(spec, "podUID"))
                            + ") which differs from running pod " + GoText.quote(ObjectMeta.uid(podObject)));
        }
        running(request, spec, podObject, pod, nodeName);
        account(request.namespace(), spec);
    }

    private static void running(
            AdmissionRequest request, JsonNode spec, ObjectNode pod, String named, String nodeName) {
        if (!text(pod.path("spec"), "nodeName").equals(nodeName)) {
            throw request.forbidden("pod " + named + " is not running on node " + GoText.quote(nodeName)
                    + " named in the PodCertificateRequest");
        }
        if (ObjectMeta.annotation(pod, "kubernetes.io/config.mirror").isPresent()) {
            throw request.forbidden("pod " + named + " is a mirror pod");
        }
        String account = text(pod.path("spec"), "serviceAccountName");
        if (!text(spec, "serviceAccountName").equals(account)) {
            throw request.forbidden("PodCertificateRequest for pod " + named + " contains serviceAccountName ("
                    + GoText.quote(text(spec, "serviceAccountName")) + ") that differs from running pod ("
                    + GoText.quote(account) + ")");
        }
    }

    private void account(String namespace, JsonNode spec) {
        String name = text(spec, "serviceAccountName");
        String named = GoText.quote(namespace + "/" + name);
        var account = present("serviceaccounts", namespace, name, "service account " + named);
        if (!ObjectMeta.uid(account).equals(text(spec, "serviceAccountUID"))) {
            throw fault("PodCertificateRequest for pod " + GoText.quote(namespace + "/" + text(spec, "podName"))
                    + " names service account UID " + GoText.quote(text(spec, "serviceAccountUID"))
                    + ", which differs from the running service account (" + GoText.quote(ObjectMeta.uid(account))
                    + ")");
        }
    }

    private ObjectNode present(String resource, String namespace, String name, String named) {
        return cluster.find(new GroupResource("", resource), namespace, name)
                .orElseThrow(() -> fault("while retrieving " + named + " named in the PodCertificateRequest: "
                        + StatusException.notFound(new GroupResource("", resource), name)
                                .getMessage()));
    }

    /** What upstream tells with no status of its own. */
    private static StatusException fault(String message) {
        return StatusException.of(500, "", message);
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
