package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;

/** LimitPodHardAntiAffinityTopology: pods may keep away from each other by force only within a node. */
public final class HardAntiAffinity implements AdmissionPlugin {
    private static final String HOST = "kubernetes.io/hostname";

    @Override
    public String name() {
        return "LimitPodHardAntiAffinityTopology";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.isWhole("", "pods") || !(request.creates() || request.updates())) {
            return;
        }
        var terms = pod.path("spec")
                .path("affinity")
                .path("podAntiAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution");
        for (var term : terms) {
            String key = term.path("topologyKey").asText("");
            if (!key.equals(HOST)) {
                throw StatusException.forbidden(
                        request.groupResource(),
                        ObjectMeta.name(pod),
                        "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey " + key + " but only key "
                                + HOST + " is allowed");
            }
        }
    }
}
