package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** NodeDeclaredFeatureValidator: a pod is changed only in ways that its node says it can follow. */
public final class NodeFeatures implements AdmissionPlugin {
    private static final GroupResource NODES = new GroupResource("", "nodes");

    private final ClusterView cluster;

    public NodeFeatures(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "NodeDeclaredFeatureValidator";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        var old = request.old();
        if (pod == null
                || old == null
                || !request.updates()
                || !request.is("", "pods")
                || !(request.subresource().isEmpty() || request.subresource().equals("resize"))
                || ObjectMeta.generation(pod) == ObjectMeta.generation(old)) {
            return;
        }
        String name = pod.path("spec").path("nodeName").asText("");
        var needed = needed(pod, old);
        if (name.isEmpty() || needed.isEmpty()) {
            return;
        }
        var node = cluster.find(NODES, "", name)
                .orElseThrow(() -> request.forbidden("node " + GoText.quote(name) + " not found"));
        needed.removeAll(Trees.strings(node.path("status").path("declaredFeatures")));
        if (!needed.isEmpty()) {
            throw request.forbidden("pod update requires features " + String.join(", ", needed)
                    + " which are not available on node " + GoText.quote(name));
        }
    }

    private static List<String> needed(ObjectNode pod, ObjectNode old) {
        List<String> out = new ArrayList<>();
        if (!pod.path("spec").path("resources").equals(old.path("spec").path("resources"))) {
            out.add("InPlacePodLevelResourcesVerticalScaling");
        }
        JsonNode now = pod.path("spec").path("initContainers");
        JsonNode before = old.path("spec").path("initContainers");
        for (int i = 0; i < Math.min(now.size(), before.size()); i++) {
            boolean sidecar = before.get(i).path("restartPolicy").asText("").equals("Always");
            if (!sidecar && !before.get(i).path("resources").equals(now.get(i).path("resources"))) {
                out.add("InPlacePodVerticalScalingInitContainers");
                return out;
            }
        }
        return out;
    }
}
