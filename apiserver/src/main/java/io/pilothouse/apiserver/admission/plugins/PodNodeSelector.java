package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.LinkedHashMap;
import java.util.Map;

/** PodNodeSelector: a namespace's annotation, or the configuration, says on which nodes its pods may run. */
public final class PodNodeSelector implements AdmissionPlugin {
    private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");

    private final ClusterView cluster;
    private final Map<String, String> selectors;

    /** @param configuration an object with a podNodeSelectorPluginConfig: selectors by namespace, and clusterDefaultNodeSelector */
    public PodNodeSelector(ClusterView cluster, JsonNode configuration) {
        this.cluster = cluster;
        Map<String, String> read = new LinkedHashMap<>();
        configuration
                .path("podNodeSelectorPluginConfig")
                .properties()
                .forEach(e -> read.put(e.getKey(), e.getValue().asText()));
        this.selectors = Map.copyOf(read);
    }

    @Override
    public String name() {
        return "PodNodeSelector";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.creates() || !request.isWhole("", "pods")) {
            return;
        }
        var ofNamespace = ofNamespace(request.namespace());
        var ofPod = nodeSelector(pod);
        requireAgreement(request, pod, ofNamespace, ofPod);
        ofNamespace.putAll(ofPod);
        if (!ofNamespace.isEmpty()) {
            var node = pod.withObjectProperty("spec").putObject("nodeSelector");
            ofNamespace.forEach(node::put);
        }
        validate(request);
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.creates() || !request.isWhole("", "pods")) {
            return;
        }
        var ofPod = nodeSelector(pod);
        requireAgreement(request, pod, ofNamespace(request.namespace()), ofPod);
        var allowed = labels(selectors.getOrDefault(request.namespace(), ""));
        if (!allowed.isEmpty() && !allowed.entrySet().containsAll(ofPod.entrySet())) {
            throw StatusException.forbidden(
                    request.groupResource(),
                    ObjectMeta.name(pod),
                    "pod node label selector labels conflict with its namespace whitelist");
        }
    }

    private static void requireAgreement(
            AdmissionRequest request, ObjectNode pod, Map<String, String> ofNamespace, Map<String, String> ofPod) {
        ofNamespace.forEach((key, value) -> {
            if (ofPod.containsKey(key) && !value.equals(ofPod.get(key))) {
                throw StatusException.forbidden(
                        request.groupResource(),
                        ObjectMeta.name(pod),
                        "pod node label selector conflicts with its namespace node label selector");
            }
        });
    }

    private static Map<String, String> nodeSelector(ObjectNode pod) {
        Map<String, String> out = new LinkedHashMap<>();
        pod.path("spec")
                .path("nodeSelector")
                .properties()
                .forEach(e -> out.put(e.getKey(), e.getValue().asText()));
        return out;
    }

    private Map<String, String> ofNamespace(String namespace) {
        var object = cluster.find(NAMESPACES, "", namespace)
                .or(() -> cluster.findNow(NAMESPACES, "", namespace))
                .orElseThrow(() -> StatusException.internalError("namespace " + namespace + " does not exist"));
        return labels(ObjectMeta.annotation(object, ANNOTATION)
                .orElseGet(() -> selectors.getOrDefault("clusterDefaultNodeSelector", "")));
    }

    /** @throws StatusException for a text that is not key=value pairs */
    private static Map<String, String> labels(String selector) {
        Map<String, String> out = new LinkedHashMap<>();
        for (String pair : selector.split(",", -1)) {
            int at = pair.indexOf('=');
            if (at >= 0) {
                out.put(pair.substring(0, at).trim(), pair.substring(at + 1).trim());
            } else if (!selector.isEmpty()) {
                throw StatusException.of(500, "", "invalid selector: " + pair);
            }
        }
        return out;
    }
}
