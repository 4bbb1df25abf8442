package io.pilothouse.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Tolerations;
import io.pilothouse.controllers.pods.Disruptions;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Deletes pods from nodes with NoExecute taints that they do not tolerate, or no longer. */
public final class TaintEviction {
    private static final String NODE_INDEX = "node";

    private final ControllerContext context;
    private final Cache<Node> nodes;
    private final Cache<Pod> pods;

    /** Joins a context. */
    public TaintEviction(ControllerContext context, int workers) {
        this.context = context;
        this.nodes = context.cache(Node.class);
        this.pods = context.cache(Pod.class);
        pods.index(NODE_INDEX, pod -> List.of(PodStates.node(pod)));
        WorkQueue<Key> queue = context.queue("taint-eviction", workers, this::reconcile);
        nodes.on(
                added -> requeue(queue, added),
                (before, after) -> {
                    if (!Objects.equals(
                            before.getSpec().getTaints(), after.getSpec().getTaints())) {
                        requeue(queue, after);
                    }
                },
                deleted -> {});
        pods.on(
                added -> queue.add(Key.of(added)),
                (before, after) -> {
                    if (!PodStates.node(before).equals(PodStates.node(after))
                            || !before.getSpec()
                                    .getTolerations()
                                    .equals(after.getSpec().getTolerations())) {
                        queue.add(Key.of(after));
                    }
                },
                deleted -> {});
    }

    private void requeue(WorkQueue<Key> queue, Node node) {
        pods.byIndex(NODE_INDEX, node.getMetadata().getName()).forEach(pod -> queue.add(Key.of(pod)));
    }

    private Outcome reconcile(Key key) {
        var pod = pods.find(key).filter(found -> !PodStates.node(found).isEmpty() && PodStates.isActive(found));
        var node = pod.flatMap(found -> nodes.find("", PodStates.node(found)));
        if (pod.isEmpty() || node.isEmpty()) {
            return Outcome.done();
        }
        Optional<Instant> earliest = node.get().getSpec().getTaints().stream()
                .filter(taint -> "NoExecute".equals(taint.getEffect()))
                .map(taint -> end(pod.get(), taint))
                .min(Instant::compareTo)
                .filter(end -> !end.equals(Instant.MAX));
        if (earliest.isEmpty()) {
            return Outcome.done();
        }
        Instant now = context.clock().instant();
        if (earliest.get().isAfter(now)) {
            return Outcome.after(Duration.between(now, earliest.get()));
        }
        context.events().normal(pod.get(), "TaintManagerEviction", "Marking for deletion Pod " + key.path());
        Disruptions.mark(
                context.client(),
                pod.get(),
                "DeletionByTaintManager",
                "Taint manager: deleting due to NoExecute taint",
                now);
        context.client().resource(pod.get()).delete();
        return Outcome.done();
    }

    private Instant end(Pod pod, Taint taint) {
        Instant since = taint.getTimeAdded() == null ? context.clock().instant() : Instant.parse(taint.getTimeAdded());
        var fitting = pod.getSpec().getTolerations().stream()
                .filter(toleration -> Tolerations.tolerates(toleration, taint))
                .toList();
        if (fitting.isEmpty()) {
            return Instant.EPOCH;
        }
        return fitting.stream()
                .map(Toleration::getTolerationSeconds)
                .filter(Objects::nonNull)
                .min(Long::compareTo)
                .map(seconds -> since.plusSeconds(Math.max(0, seconds)))
                .orElse(Instant.MAX);
    }
}
