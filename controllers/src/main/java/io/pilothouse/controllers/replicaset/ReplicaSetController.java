package io.pilothouse.controllers.replicaset;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.pods.DeletionOrder;
import io.pilothouse.controllers.pods.Expectations;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Keeps as many pods of a template as a ReplicaSet asks for. */
public final class ReplicaSetController {
    private static final int BURST = 500;

    private final ControllerContext context;
    private final Cache<ReplicaSet> sets;
    private final Cache<Pod> pods;
    private final PodControl control;

    /** Joins a context. */
    public ReplicaSetController(ControllerContext context, int workers) {
        this.context = context;
        this.sets = context.cache(ReplicaSet.class);
        this.pods = context.cache(Pod.class);
        this.control = new PodControl(context.client(), context.events(), pods, new Expectations(context.clock()));
        WorkQueue<Key> queue = context.queue("replicaset", workers, this::reconcile);
        sets.onAny(set -> queue.add(Key.of(set)));
        control.watch(
                "ReplicaSet",
                queue,
                pod -> sets.inNamespace(pod.getMetadata().getNamespace()).stream()
                        .filter(set -> Selectors.matches(
                                set.getSpec().getSelector(), pod.getMetadata().getLabels()))
                        .map(Key::of)
                        .toList());
    }

    private Outcome reconcile(Key key) throws InterruptedException {
        var found = sets.find(key);
        if (found.isEmpty()) {
            control.expectations().forget(key);
            return Outcome.done();
        }
        ReplicaSet set = found.get();
        boolean counted = control.expectations().met(key);
        List<Pod> claimed = control.claim(
                set,
                pod -> Selectors.matches(
                        set.getSpec().getSelector(), pod.getMetadata().getLabels()));
        List<Pod> active = claimed.stream().filter(PodStates::isActive).toList();
        Optional<KubernetesClientException> failure = Optional.empty();
        if (counted && !Owners.isDeleting(set)) {
            failure = replicate(set, active);
        }
        ReplicaSetStatus status = status(set, active, claimed, failure);
        if (!status.equals(set.getStatus())) {
            context.client()
                    .resource(new ReplicaSetBuilder(set).withStatus(status).build())
                    .updateStatus();
        }
        if (failure.isPresent()) {
            return Outcome.retry();
        }
        int minReady = minReadySeconds(set);
        boolean waiting = minReady > 0 && !Objects.equals(status.getReadyReplicas(), status.getAvailableReplicas());
        return waiting ? Outcome.after(nextAvailable(active, minReady)) : Outcome.done();
    }

    private Duration nextAvailable(List<Pod> active, int minReadySeconds) {
        var now = context.clock().instant();
        return active.stream()
                .flatMap(pod -> PodStates.readySince(pod).stream())
                .map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)))
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(Duration.ofSeconds(1));
    }

    private Optional<KubernetesClientException> replicate(ReplicaSet set, List<Pod> active)
            throws InterruptedException {
        int missing = set.getSpec().getReplicas() - active.size();
        if (missing > 0) {
            return control.create(
                    set,
                    Collections.nCopies(
                            Math.min(missing, BURST),
                            PodControl.of(set.getSpec().getTemplate(), set)));
        }
        if (missing < 0) {
            int count = Math.min(-missing, BURST);
            return control.delete(
                    set,
                    DeletionOrder.first(
                            count, active, related(set), context.clock().instant()));
        }
        return Optional.empty();
    }

    /** The pods of all sets of the same owner: those of a deployment's other revisions count where nodes are compared. */
    private List<Pod> related(ReplicaSet set) {
        var owner = Owners.controllerOf(set);
        List<ReplicaSet> siblings = owner.isPresent() ? sets.ownedBy(owner.get().getUid()) : List.of(set);
        return siblings.stream()
                .flatMap(sibling -> pods.ownedBy(sibling.getMetadata().getUid()).stream())
                .toList();
    }

    private ReplicaSetStatus status(
            ReplicaSet set, List<Pod> active, List<Pod> claimed, Optional<KubernetesClientException> failure) {
        var now = context.clock().instant();
        var labels = set.getSpec().getTemplate().getMetadata().getLabels();
        int minReady = minReadySeconds(set);
        return new ReplicaSetStatusBuilder(set.getStatus() == null ? new ReplicaSetStatus() : set.getStatus())
                .withReplicas(active.size())
                .withFullyLabeledReplicas(count(active.stream()
                        .filter(pod ->
                                Selectors.matchesAll(labels, pod.getMetadata().getLabels()))
                        .count()))
                .withReadyReplicas(
                        count(active.stream().filter(PodStates::isReady).count()))
                .withAvailableReplicas(count(active.stream()
                        .filter(pod -> PodStates.isAvailable(pod, minReady, now))
                        .count()))
                .withTerminatingReplicas(count(claimed.stream()
                        .filter(pod -> Owners.isDeleting(pod) && !PodStates.isFinished(pod))
                        .count()))
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withConditions(conditions(set, active.size(), failure))
                .build();
    }

    private List<ReplicaSetCondition> conditions(
            ReplicaSet set, int active, Optional<KubernetesClientException> failure) {
        List<ReplicaSetCondition> before =
                set.getStatus() == null ? List.of() : set.getStatus().getConditions();
        var after = new ArrayList<ReplicaSetCondition>();
        before.stream()
                .filter(condition -> !condition.getType().equals("ReplicaFailure"))
                .forEach(after::add);
        var failed = before.stream()
                .filter(condition -> condition.getType().equals("ReplicaFailure"))
                .findFirst();
        if (failure.isPresent() && failed.isEmpty()) {
            after.add(new ReplicaSetConditionBuilder()
                    .withType("ReplicaFailure")
                    .withStatus("True")
                    .withReason(active < set.getSpec().getReplicas() ? "FailedCreate" : "FailedDelete")
                    .withMessage(PodControl.reason(failure.get()))
                    .withLastTransitionTime(context.clock()
                            .instant()
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString())
                    .build());
        } else if (failure.isPresent() || !control.expectations().met(Key.of(set))) {
            failed.ifPresent(after::add);
        }
        return after;
    }

    /** Zero is left out, as the server would. */
    private static Integer count(long number) {
        return (int) number;
    }

    private static int minReadySeconds(ReplicaSet set) {
        return set.getSpec().getMinReadySeconds() == null ? 0 : set.getSpec().getMinReadySeconds();
    }
}
