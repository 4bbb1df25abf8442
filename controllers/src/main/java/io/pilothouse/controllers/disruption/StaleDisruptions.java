package io.pilothouse.controllers.disruption;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Takes back that a pod is about to be disrupted where nobody has deleted it two minutes later. */
final class StaleDisruptions {
    private static final String CONDITION = "DisruptionTarget";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final ControllerContext context;
    private final Cache<Pod> pods;
    private final WorkQueue<Key> queue;

    StaleDisruptions(ControllerContext context) {
        this.context = context;
        this.pods = context.cache(Pod.class);
        this.queue = context.queue("stale-pod-disruption", 1, this::reconcile);
        pods.on(this::look, (before, after) -> look(after), deleted -> {});
    }

    private void look(Pod pod) {
        remaining(pod).ifPresent(delay -> queue.addAfter(Key.of(pod), delay));
    }

    /** How long the condition may stand yet; empty where it stands rightly or not at all. A kubelet's own may stand as long as it takes. */
    private Optional<Duration> remaining(Pod pod) {
        if (Owners.isDeleting(pod) || PodStates.isFinished(pod)) {
            return Optional.empty();
        }
        return PodStates.condition(pod, CONDITION)
                .filter(c -> "True".equals(c.getStatus()) && !"TerminationByKubelet".equals(c.getReason()))
                .map(c -> c.getLastTransitionTime() == null ? Instant.EPOCH : Instant.parse(c.getLastTransitionTime()))
                .map(since -> Duration.between(context.clock().instant(), since.plus(TIMEOUT)))
                .map(rest -> rest.isNegative() ? Duration.ZERO : rest);
    }

    private Outcome reconcile(Key key) {
        var pod = pods.find(key);
        var remaining = pod.flatMap(this::remaining);
        if (pod.isEmpty() || remaining.isEmpty()) {
            return Outcome.done();
        }
        if (remaining.get().isPositive()) {
            return Outcome.after(remaining.get());
        }
        var condition = new PodConditionBuilder()
                .withType(CONDITION)
                .withStatus("False")
                .withObservedGeneration(pod.get().getMetadata().getGeneration())
                .withLastTransitionTime(context.clock()
                        .instant()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString())
                .build();
        context.client()
                .resource(new PodBuilder(pod.get())
                        .editStatus()
                        .removeMatchingFromConditions(c -> CONDITION.equals(c.getType()))
                        .addToConditions(condition)
                        .endStatus()
                        .build())
                .updateStatus();
        return Outcome.done();
    }
}
