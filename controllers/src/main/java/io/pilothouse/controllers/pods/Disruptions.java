package io.pilothouse.controllers.pods;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Patches;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Says on a pod that the cluster, not the pod itself, brings about its end: a job's failure policy looks for it. */
public final class Disruptions {
    private Disruptions() {}

    /** Sets the condition DisruptionTarget. */
    public static void mark(KubernetesClient client, Pod pod, String reason, String message, Instant now) {
        patch(client, pod, Map.of("conditions", List.of(condition(reason, message, now))));
    }

    /** Makes a pod that nobody runs any more a failed one, and sets the condition DisruptionTarget. */
    public static void markFailed(KubernetesClient client, Pod pod, String reason, String message, Instant now) {
        patch(client, pod, Map.of("phase", "Failed", "conditions", List.of(condition(reason, message, now))));
    }

    /** Makes a pod that nobody runs any more, or ever did, a failed one. */
    public static void markFailed(KubernetesClient client, Pod pod) {
        patch(client, pod, Map.of("phase", "Failed"));
    }

    private static Object condition(String reason, String message, Instant now) {
        return new PodConditionBuilder()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
    }

    private static void patch(KubernetesClient client, Pod pod, Map<String, ?> status) {
        var metadata = pod.getMetadata();
        String patch = client.getKubernetesSerialization()
                .asJson(Map.of("metadata", Map.of("uid", metadata.getUid()), "status", status));
        try {
            Patches.strategic(
                    client, Patches.path(metadata.getNamespace(), "pods", metadata.getName()) + "/status", patch);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404 && e.getCode() != 409) {
                throw e; // Else it is gone, or another one has its name.
            }
        }
    }
}
