package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;

/** DefaultTolerationSeconds: a pod stays a while on a node that is not ready or cannot be reached, unless it says otherwise. */
public final class PodTolerations implements AdmissionPlugin {
    private final long notReadySeconds;
    private final long unreachableSeconds;

    public PodTolerations(long notReadySeconds, long unreachableSeconds) {
        this.notReadySeconds = notReadySeconds;
        this.unreachableSeconds = unreachableSeconds;
    }

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod != null && request.isWhole("", "pods") && (request.creates() || request.updates())) {
            tolerate(pod, "node.kubernetes.io/not-ready", notReadySeconds);
            tolerate(pod, "node.kubernetes.io/unreachable", unreachableSeconds);
        }
    }

    private static void tolerate(ObjectNode pod, String taint, long seconds) {
        for (var toleration : pod.path("spec").path("tolerations")) {
            String key = toleration.path("key").asText("");
            String effect = toleration.path("effect").asText("");
            if ((key.isEmpty() || key.equals(taint)) && (effect.isEmpty() || effect.equals("NoExecute"))) {
                return;
            }
        }
        pod.withObjectProperty("spec")
                .withArrayProperty("tolerations")
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", "NoExecute")
                .put("tolerationSeconds", seconds);
    }
}
