package io.pilothouse.controllers.statefulset;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.pods.Expectations;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps pods of lasting names: one after the other, each ready before the next is made, unless the set lets all be made at once; replaced from the
 * highest ordinal down when the template changes. Follows upstream's stateful set controller.
 */
public final class StatefulSetController {
    private final ControllerContext context;
    private final Cache<StatefulSet> sets;
    private final PodControl control;
    private final StatefulRevisions revisions;
    private final StatefulWriter writer;

    /** Joins a context. */
    public StatefulSetController(ControllerContext context, int workers) {
        this.context = context;
        this.sets = context.cache(StatefulSet.class);
        this.control = new PodControl(
                context.client(), context.events(), context.cache(Pod.class), new Expectations(context.clock()));
        this.revisions = new StatefulRevisions(context);
        this.writer = new StatefulWriter(context);
        var queue = context.queue("statefulset", workers, this::reconcile);
        sets.onAny(set -> queue.add(Key.of(set)));
        control.watch(
                "StatefulSet",
                queue,
                pod -> sets.inNamespace(pod.getMetadata().getNamespace()).stream()
                        .filter(set -> fits(set, pod))
                        .map(Key::of)
                        .toList());
    }

    private static boolean fits(StatefulSet set, Pod pod) {
        return StatefulPods.ordinal(set, pod) >= 0
                && Selectors.matches(
                        set.getSpec().getSelector(), pod.getMetadata().getLabels());
    }

    private Outcome reconcile(Key key) {
        var found = sets.find(key);
        if (found.isEmpty()) {
            control.expectations().forget(key);
            return Outcome.done();
        }
        StatefulSet set = found.get();
        List<Pod> pods = control.claim(set, pod -> fits(set, pod));
        var pair = revisions.resolve(set);
        var rollout = new StatefulRollout(context, writer, revisions, set, pair, pods);
        try {
            if (!Owners.isDeleting(set)) {
                rollout.run();
            }
        } finally {
            // What was counted is true, whatever came in between.
            write(set, rollout);
        }
        Set<String> inUse = new HashSet<>(List.of(pair.currentName(), pair.updateName()));
        pods.forEach(pod -> inUse.add(StatefulPods.revision(pod)));
        revisions.prune(set, inUse);
        int minReady = Objects.requireNonNullElse(set.getSpec().getMinReadySeconds(), 0);
        return rollout.waitsForAvailability()
                ? Outcome.after(Duration.ofSeconds(Math.max(1, minReady)))
                : Outcome.done();
    }

    private void write(StatefulSet set, StatefulRollout rollout) {
        var status = rollout.status();
        if (!status.equals(set.getStatus())) {
            context.client()
                    .resource(new StatefulSetBuilder(set).withStatus(status).build())
                    .updateStatus();
        }
    }
}
