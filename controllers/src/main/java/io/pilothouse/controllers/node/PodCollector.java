package io.pilothouse.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.pods.Disruptions;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Deletes pods that nobody else will: on nodes that are gone, finished ones beyond a number, and deleted ones that never had a node. */
public final class PodCollector {
    private static final Duration PERIOD = Duration.ofSeconds(20);
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private final ControllerContext context;
    private final Cache<Node> nodes;
    private final Cache<Pod> pods;
    private final int threshold;
    private final Map<String, Instant> missing = new HashMap<>();

    /**
     * Joins a context.
     *
     * @param threshold how many finished pods may stay; 0 or less for any number
     */
    public PodCollector(ControllerContext context, int threshold) {
        this.context = context;
        this.threshold = threshold;
        this.nodes = context.cache(Node.class);
        this.pods = context.cache(Pod.class);
        context.every("pod-gc", PERIOD, this::collect);
    }

    private void collect() {
        Instant now = context.clock().instant();
        for (Pod pod : pods.all()) {
            String node = PodStates.node(pod);
            if (node.isEmpty()) {
                if (pod.getMetadata().getDeletionTimestamp() != null) {
                    if (!PodStates.isFinished(pod)) {
                        Disruptions.markFailed(context.client(), pod);
                    }
                    kill(pod);
                }
            } else if (nodes.find("", node).isPresent()) {
                missing.remove(node);
            } else if (missing.computeIfAbsent(node, ignored -> now)
                            .plus(QUARANTINE)
                            .isBefore(now)
                    && context.client().nodes().withName(node).get() == null) {
                if (!PodStates.isFinished(pod)) {
                    Disruptions.markFailed(
                            context.client(), pod, "DeletionByPodGC", "PodGC: node no longer exists", now);
                }
                kill(pod);
            }
        }
        if (threshold > 0) {
            var finished = pods.all().stream()
                    .filter(PodStates::isFinished)
                    .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                    .toList();
            finished.stream().limit(Math.max(0, finished.size() - threshold)).forEach(this::kill);
        }
    }

    private void kill(Pod pod) {
        context.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withGracePeriod(0)
                .delete();
    }
}
