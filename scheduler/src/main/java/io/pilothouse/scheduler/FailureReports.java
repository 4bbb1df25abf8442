package io.pilothouse.scheduler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.scheduler.cluster.Nominations;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells why a pod has no node: by an event, and by its condition PodScheduled. */
record FailureReports(ControllerContext context, Cache<Pod> pods) {
    private static final Logger LOG = LoggerFactory.getLogger(FailureReports.class);

    /** @param nominated the node that it waits for now; empty if that stays as it is */
    void tell(Pod pod, String reason, String message, String nominated) {
        context.events().warning(pod, "FailedScheduling", message);
        var current = pods.find(Key.of(pod)).orElse(pod);
        var present = PodStates.condition(current, "PodScheduled");
        boolean told = present.filter(
                        condition -> reason.equals(condition.getReason()) && message.equals(condition.getMessage()))
                .isPresent();
        if (told && (nominated.isEmpty() || nominated.equals(Nominations.nodeIn(current)))) {
            return;
        }
        var status = new LinkedHashMap<String, Object>();
        status.put("conditions", List.of(condition(current, reason, message)));
        if (!nominated.isEmpty()) {
            status.put("nominatedNodeName", nominated);
        }
        String path = Patches.path(
                        pod.getMetadata().getNamespace(),
                        "pods",
                        pod.getMetadata().getName()) + "/status";
        try {
            Patches.strategic(
                    context.client(),
                    path,
                    context.client().getKubernetesSerialization().asJson(Map.of("status", status)));
        } catch (KubernetesClientException e) {
            LOG.atDebug().addKeyValue("pod", Key.of(pod)).log("condition not written: {}", e.getMessage());
        }
    }

    private Map<String, Object> condition(Pod pod, String reason, String message) {
        var condition = new LinkedHashMap<String, Object>();
        condition.put("type", "PodScheduled");
        condition.put("status", "False");
        if (pod.getMetadata().getGeneration() != null) {
            condition.put("observedGeneration", pod.getMetadata().getGeneration());
        }
        condition.put("reason", reason);
        condition.put("message", message);
        condition.put(
                "lastTransitionTime",
                PodStates.condition(pod, "PodScheduled")
                        .filter(before -> "False".equals(before.getStatus()))
                        .map(PodCondition::getLastTransitionTime)
                        .orElseGet(() -> context.clock()
                                .instant()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()));
        return condition;
    }
}
