package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Queue;

/** What stays in a pod's status although its writer leaves it out. */
public final class PodStatus {
    private PodStatus() {}

    /** Keeps the class of quality and the generations that were seen, which older kubelets know nothing of. */
    public static void keep(ObjectNode pod, ObjectNode old) {
        var status = pod.withObjectProperty("status");
        var before = old.path("status");
        if (status.path("qosClass").asText("").isEmpty() && before.has("qosClass")) {
            status.set("qosClass", before.get("qosClass"));
        }
        if (status.path("observedGeneration").asLong() == 0 && before.has("observedGeneration")) {
            status.set("observedGeneration", before.get("observedGeneration"));
        }
        var generations = new HashMap<String, Queue<Long>>();
        for (var condition : before.path("conditions")) {
            generations
                    .computeIfAbsent(condition.path("type").asText(""), type -> new ArrayDeque<>())
                    .add(condition.path("observedGeneration").asLong());
        }
        for (var condition : status.path("conditions")) {
            var seen = generations.get(condition.path("type").asText(""));
            Long generation = seen == null ? null : seen.poll();
            if (generation != null
                    && generation != 0
                    && condition.path("observedGeneration").asLong() == 0) {
                ((ObjectNode) condition).put("observedGeneration", generation);
            }
        }
        dropDisabled(pod, old);
    }

    /** Drops what belongs to features that are off. */
    public static void dropDisabled(ObjectNode pod, ObjectNode old) {
        DisabledFields.dropFromPod(pod, old);
    }
}
