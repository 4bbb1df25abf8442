package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;

/** TaintNodesByCondition: a new node takes no pods until it has been seen to be ready. */
public final class NodeTaint implements AdmissionPlugin {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String EFFECT = "NoSchedule";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var node = request.object();
        if (node == null || !request.creates() || !request.isWhole("", "nodes")) {
            return;
        }
        for (var taint : node.path("spec").path("taints")) {
            if (taint.path("key").asText().equals(NOT_READY)
                    && taint.path("effect").asText().equals(EFFECT)) {
                return;
            }
        }
        node.withObjectProperty("spec")
                .withArrayProperty("taints")
                .addObject()
                .put("key", NOT_READY)
                .put("effect", EFFECT);
    }
}
