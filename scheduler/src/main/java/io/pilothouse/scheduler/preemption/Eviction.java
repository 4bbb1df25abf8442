package io.pilothouse.scheduler.preemption;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.scheduler.cluster.Nominations;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the room that was found: pods are told why, deleted with their grace periods, and less important pods wait for the node no more. */
public record Eviction(ControllerContext context, Nominations nominations, String scheduler) {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);
    private static final int NOT_FOUND = 404;

    /** @throws KubernetesClientException if somebody could not be deleted */
    public void run(PodInfo pod, Candidate candidate) {
        for (var waiting : nominations.on(candidate.node())) {
            if (waiting.priority() < pod.priority()) {
                clear(waiting.pod());
            }
        }
        for (var victim : candidate.victims()) {
            if (victim.pod().getMetadata().getDeletionTimestamp() == null) {
                evict(victim.pod(), pod, candidate.node());
            }
        }
    }

    /** Takes back what a pod's status says of the node that it waits for. */
    public void clear(Pod pod) {
        nominations.remove(pod.getMetadata().getUid());
        try {
            Patches.strategic(context.client(), statusOf(pod), "{\"status\":{\"nominatedNodeName\":null}}");
        } catch (KubernetesClientException e) {
            LOG.atInfo()
                    .addKeyValue("pod", pod.getMetadata().getName())
                    .addKeyValue("reason", e.getMessage())
                    .log("the node that a pod waits for could not be taken back");
        }
    }

    private void evict(Pod victim, PodInfo pod, String node) {
        try {
            Patches.strategic(context.client(), statusOf(victim), condition(victim));
            context.client().resource(victim).delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return;
            }
            throw e;
        }
        LOG.atInfo()
                .addKeyValue("pod", pod.pod().getMetadata().getName())
                .addKeyValue("victim", victim.getMetadata().getName())
                .addKeyValue("node", node)
                .log("preempts");
        context.events().normal(victim, "Preempted", "Preempted by pod " + pod.uid() + " on node " + node);
    }

    private String condition(Pod victim) {
        var condition = new LinkedHashMap<String, Object>();
        condition.put("type", "DisruptionTarget");
        condition.put("status", "True");
        if (victim.getMetadata().getGeneration() != null) {
            condition.put("observedGeneration", victim.getMetadata().getGeneration());
        }
        condition.put("reason", Preemption.REASON);
        condition.put("message", scheduler + ": preempting to accommodate a higher priority pod");
        condition.put(
                "lastTransitionTime",
                context.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return context.client()
                .getKubernetesSerialization()
                .asJson(Map.of("status", Map.of("conditions", List.of(condition))));
    }

    private static String statusOf(Pod pod) {
        return Patches.path(
                        pod.getMetadata().getNamespace(),
                        "pods",
                        pod.getMetadata().getName()) + "/status";
    }
}
