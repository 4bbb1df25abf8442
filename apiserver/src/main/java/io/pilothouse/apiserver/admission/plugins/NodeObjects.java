package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a kubelet may write of its node object. */
final class NodeObjects {
    private static final String RESTRICTED = "node-restriction.kubernetes.io";
    private static final Set<String> KUBELET_LABELS = Set.of(
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type",
            "kubernetes.io/os",
            "kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/arch");

    private NodeObjects() {}

    static void check(AdmissionRequest request, String node) {
        String named = "node " + GoText.quote(node);
        var object = request.object();
        String name = request.name().isEmpty() && object != null ? ObjectMeta.name(object) : request.name();
        if (!name.equals(node)) {
            throw request.forbidden(named + " is not allowed to modify node " + GoText.quote(name));
        }
        if (object == null) {
            return;
        }
        var old = request.old();
        var config = object.path("spec").path("configSource");
        if (request.creates()) {
            if (config.isObject()) {
                throw request.forbidden(named + " is not allowed to create pods with a non-nil configSource");
            }
            var forbidden = forbidden(ObjectMeta.labels(object), Map.of());
            if (!forbidden.isEmpty()) {
                throw request.forbidden(
                        named + " is not allowed to set the following labels: " + String.join(", ", forbidden));
            }
        } else if (request.updates() && old != null) {
            if (config.isObject() && !config.equals(old.path("spec").path("configSource"))) {
                throw request.forbidden(named + " is not allowed to update configSource to a new non-nil configSource");
            }
            unchanged(request, named, object, old);
        }
    }

    private static void unchanged(AdmissionRequest request, String named, ObjectNode object, ObjectNode old) {
        if (!Objects.equals(object.path("spec").path("taints"), old.path("spec").path("taints"))) {
            throw request.forbidden(named + " is not allowed to modify taints");
        }
        if (!ObjectMeta.ownerReferences(object).equals(ObjectMeta.ownerReferences(old))) {
            throw request.forbidden(named + " is not allowed to modify ownerReferences");
        }
        var forbidden = forbidden(ObjectMeta.labels(object), ObjectMeta.labels(old));
        if (!forbidden.isEmpty()) {
            throw request.forbidden("is not allowed to modify labels: " + String.join(", ", forbidden));
        }
    }

    /** The changed labels that are an administrator's, or Kubernetes' own and not a kubelet's. */
    private static Set<String> forbidden(Map<String, String> labels, Map<String, String> before) {
        var changed = new TreeSet<>(labels.keySet());
        changed.addAll(before.keySet());
        changed.removeIf(key -> Objects.equals(labels.get(key), before.get(key)));
        changed.removeIf(key -> {
            int slash = key.indexOf('/');
            String domain = slash < 0 ? "" : key.substring(0, slash);
            boolean ours = within(domain, "kubernetes.io") || within(domain, "k8s.io");
            return !within(domain, RESTRICTED) && !(ours && !isKubelets(key, domain));
        });
        return changed;
    }

    private static boolean isKubelets(String key, String domain) {
        return KUBELET_LABELS.contains(key)
                || within(domain, "kubelet.kubernetes.io")
                || within(domain, "node.kubernetes.io");
    }

    private static boolean within(String domain, String suffix) {
        return domain.equals(suffix) || domain.endsWith("." + suffix);
    }
}
