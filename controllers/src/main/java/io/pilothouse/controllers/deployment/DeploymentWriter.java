package io.pilothouse.controllers.deployment;

import static io.pilothouse.controllers.deployment.Conditions.count;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Hashes;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What a pass writes: the deployment's status and its replica sets. Used by one pass, by one thread. */
final class DeploymentWriter {
    private final ControllerContext context;
    private final Hashes hashes;
    private Deployment deployment;

    DeploymentWriter(ControllerContext context, Hashes hashes, Deployment deployment) {
        this.context = context;
        this.hashes = hashes;
        this.deployment = deployment;
    }

    /** As last read or written. */
    Deployment deployment() {
        return deployment;
    }

    private Instant now() {
        return context.clock().instant();
    }

    /** The set of the present template with its revision; made where there is none and {@code create} says so. */
    Optional<ReplicaSet> current(List<ReplicaSet> sets, boolean create) {
        var found = Revisions.current(deployment, sets);
        long revision = 1
                + sets.stream()
                        .filter(set -> found.isEmpty() || set != found.get())
                        .mapToLong(Revisions::revision)
                        .max()
                        .orElse(0);
        if (found.isPresent()) {
            return Optional.of(refresh(found.get(), revision));
        }
        return create ? create(sets, revision) : Optional.empty();
    }

    private ReplicaSet refresh(ReplicaSet set, long revision) {
        Map<String, String> before = set.getMetadata().getAnnotations() == null
                ? Map.of()
                : set.getMetadata().getAnnotations();
        var annotations = Revisions.annotations(deployment, before, revision);
        var ready = deployment.getSpec().getMinReadySeconds();
        if (!annotations.equals(before) || count(ready) != count(set.getSpec().getMinReadySeconds())) {
            return context.client()
                    .resource(new ReplicaSetBuilder(set)
                            .editMetadata()
                            .withAnnotations(annotations)
                            .endMetadata()
                            .editSpec()
                            .withMinReadySeconds(ready)
                            .endSpec()
                            .build())
                    .update();
        }
        record(
                annotations.get(Revisions.REVISION),
                Conditions.find(deployment, Conditions.PROGRESSING).isPresent()
                        ? Optional.empty()
                        : Optional.of(progressing(
                                "True",
                                "FoundNewReplicaSet",
                                "Found new replica set \"" + set.getMetadata().getName() + "\"")));
        return set;
    }

    private Optional<ReplicaSet> create(List<ReplicaSet> sets, long revision) {
        Integer collisions =
                deployment.getStatus() == null ? null : deployment.getStatus().getCollisionCount();
        String hash = hashes.of(deployment.getSpec().getTemplate(), collisions);
        int replicas = Sizes.ofNew(deployment, sets, 0);
        ReplicaSet wanted = Revisions.create(deployment, hash, revision, replicas);
        String name = wanted.getMetadata().getName();
        ReplicaSet made;
        try {
            made = context.client().resource(wanted).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                return existing(wanted, collisions, e);
            }
            String message = "Failed to create new replica set \"" + name + "\": " + PodControl.reason(e);
            if (Conditions.hasDeadline(deployment)) {
                record(null, Optional.of(progressing("False", "ReplicaSetCreateError", message)));
            }
            context.events().warning(deployment, "ReplicaSetCreateError", message);
            throw e;
        }
        if (replicas > 0) {
            context.events()
                    .normal(
                            deployment,
                            "ScalingReplicaSet",
                            "Scaled up replica set " + name + " from 0 to " + replicas);
        }
        record(
                Long.toString(revision),
                Optional.of(progressing("True", "NewReplicaSetCreated", "Created new replica set \"" + name + "\"")));
        return Optional.of(made);
    }

    /** The name is taken: by the set that the cache does not show yet, or by another template of the same hash. */
    private Optional<ReplicaSet> existing(
            ReplicaSet wanted, @Nullable Integer collisions, KubernetesClientException taken) {
        ReplicaSet there = context.client().resource(wanted).get();
        if (there != null && Owners.controls(deployment, there) && Revisions.sameTemplate(deployment, there)) {
            return Optional.of(there);
        }
        if (there != null) {
            write(
                    new DeploymentStatusBuilder(statusNow())
                            .withCollisionCount(count(collisions) + 1)
                            .build(),
                    null);
        }
        throw taken;
    }

    private DeploymentCondition progressing(String status, String reason, String message) {
        return Conditions.of(Conditions.PROGRESSING, status, reason, message, now());
    }

    private DeploymentStatus statusNow() {
        return deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    }

    private void record(@Nullable String revision, Optional<DeploymentCondition> condition) {
        var status = statusNow();
        var conditions = condition.isPresent() && Conditions.hasDeadline(deployment)
                ? Conditions.with(status.getConditions(), condition.get())
                : status.getConditions();
        var annotations = deployment.getMetadata().getAnnotations();
        boolean revised =
                revision != null && (annotations == null || !revision.equals(annotations.get(Revisions.REVISION)));
        if (revised || !conditions.equals(status.getConditions())) {
            write(new DeploymentStatusBuilder(status).withConditions(conditions).build(), revision);
        }
    }

    private void write(DeploymentStatus status, @Nullable String revision) {
        var next = new DeploymentBuilder(deployment).withStatus(status);
        if (revision != null) {
            // The server takes annotations of a deployment with its status; a write to the deployment itself would make
            // a new generation.
            next.editMetadata().addToAnnotations(Revisions.REVISION, revision).endMetadata();
        }
        deployment = context.client().resource(next.build()).updateStatus();
    }

    /** Says that the deployment was paused or resumed; the clock of the deadline stands meanwhile. */
    void pausedCondition() {
        var condition = Conditions.find(deployment, Conditions.PROGRESSING);
        if (!Conditions.hasDeadline(deployment)
                || condition
                        .filter(found -> Conditions.TIMED_OUT.equals(found.getReason()))
                        .isPresent()) {
            return;
        }
        boolean said = condition
                .filter(found -> Conditions.PAUSED.equals(found.getReason()))
                .isPresent();
        boolean paused = Boolean.TRUE.equals(deployment.getSpec().getPaused());
        if (paused && !said) {
            record(null, Optional.of(progressing("Unknown", Conditions.PAUSED, "Deployment is paused")));
        } else if (!paused && said) {
            record(null, Optional.of(progressing("Unknown", "DeploymentResumed", "Deployment is resumed")));
        }
    }

    /** Sets the size of a set and the sizes it was meant for; says whether the size changed. */
    boolean resize(ReplicaSet set, int size) {
        int before = set.getSpec().getReplicas();
        String desired = Integer.toString(Sizes.wanted(deployment));
        String most = Integer.toString(Sizes.wanted(deployment) + Sizes.maxSurge(deployment));
        var annotations = set.getMetadata().getAnnotations();
        boolean annotated = annotations != null
                && desired.equals(annotations.get(Sizes.DESIRED))
                && most.equals(annotations.get(Sizes.MAX));
        if (before == size && annotated) {
            return false;
        }
        context.client()
                .resource(new ReplicaSetBuilder(set)
                        .editMetadata()
                        .addToAnnotations(Sizes.DESIRED, desired)
                        .addToAnnotations(Sizes.MAX, most)
                        .endMetadata()
                        .editSpec()
                        .withReplicas(size)
                        .endSpec()
                        .build())
                .update();
        if (before != size) {
            context.events()
                    .normal(
                            deployment,
                            "ScalingReplicaSet",
                            "Scaled " + (size > before ? "up" : "down") + " replica set "
                                    + set.getMetadata().getName() + " from " + before + " to " + size);
        }
        return before != size;
    }

    /** Deletes the oldest sets beyond the limit of the history. */
    void cleanUp(List<ReplicaSet> old) {
        Integer limit = deployment.getSpec().getRevisionHistoryLimit();
        if (limit == null || limit == Integer.MAX_VALUE) {
            return;
        }
        var alive = old.stream()
                .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparingLong(Revisions::revision))
                .toList();
        alive.stream()
                .limit(Math.max(0, alive.size() - limit))
                .filter(set -> set.getSpec().getReplicas() == 0
                        && set.getStatus() != null
                        && count(set.getStatus().getReplicas()) == 0)
                .filter(set -> set.getStatus().getObservedGeneration() != null
                        && set.getMetadata().getGeneration() <= set.getStatus().getObservedGeneration())
                .forEach(set -> context.client().resource(set).delete());
    }

    /** The status that these sets make, with the conditions that are written. */
    DeploymentStatus calculate(List<ReplicaSet> sets, Optional<ReplicaSet> current) {
        int available = Sizes.available(sets);
        int total = sum(sets, set -> count(set.getStatus().getReplicas()));
        boolean enough = available >= Sizes.wanted(deployment) - Sizes.maxUnavailable(deployment);
        var condition = enough
                ? Conditions.of(
                        Conditions.AVAILABLE,
                        "True",
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.",
                        now())
                : Conditions.of(
                        Conditions.AVAILABLE,
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        now());
        return new DeploymentStatusBuilder(statusNow())
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(positive(total))
                .withUpdatedReplicas(positive(current.map(set ->
                                sum(List.of(set), one -> count(one.getStatus().getReplicas())))
                        .orElse(0)))
                .withReadyReplicas(
                        positive(sum(sets, set -> count(set.getStatus().getReadyReplicas()))))
                .withAvailableReplicas(positive(available))
                .withUnavailableReplicas(positive(Math.max(0, Sizes.total(sets) - available)))
                .withTerminatingReplicas(sum(sets, set -> count(set.getStatus().getTerminatingReplicas())))
                .withConditions(Conditions.with(statusNow().getConditions(), condition))
                .build();
    }

    private static @Nullable Integer positive(int number) {
        return number == 0 ? null : Integer.valueOf(number);
    }

    private static int sum(List<ReplicaSet> sets, ToIntFunction<ReplicaSet> number) {
        return sets.stream()
                .filter(set -> set.getStatus() != null)
                .mapToInt(number)
                .sum();
    }

    /** Writes the status where it changed; with {@code progress} also how the rollout goes, and returns when its deadline has to be looked at. */
    Outcome status(List<ReplicaSet> sets, Optional<ReplicaSet> current, boolean progress) {
        DeploymentStatus status = calculate(sets, current);
        if (progress) {
            status = new DeploymentStatusBuilder(status)
                    .withConditions(failures(sets, current, progress(status, current)))
                    .build();
        }
        if (!Objects.equals(status, deployment.getStatus())) {
            write(status, null);
        }
        return progress ? deadline(status) : Outcome.done();
    }

    private List<DeploymentCondition> progress(DeploymentStatus status, Optional<ReplicaSet> current) {
        var conditions = status.getConditions();
        if (!Conditions.hasDeadline(deployment)) {
            return Conditions.without(conditions, Conditions.PROGRESSING);
        }
        var before = Conditions.find(deployment, Conditions.PROGRESSING);
        boolean done = count(status.getReplicas()) == count(status.getUpdatedReplicas())
                && before.filter(condition -> Conditions.NEW_SET_AVAILABLE.equals(condition.getReason()))
                        .isPresent();
        if (done) {
            return conditions;
        }
        String subject = current.map(set -> "ReplicaSet \"" + set.getMetadata().getName())
                        .orElse("Deployment \"" + deployment.getMetadata().getName())
                + "\" ";
        if (Conditions.isComplete(deployment, status)) {
            return Conditions.with(
                    conditions,
                    progressing("True", Conditions.NEW_SET_AVAILABLE, subject + "has successfully progressed."));
        }
        if (Conditions.isProgress(deployment, status)) {
            var condition = progressing("True", "ReplicaSetUpdated", subject + "is progressing.");
            if (before.isPresent() && "True".equals(before.get().getStatus())) {
                condition = new DeploymentConditionBuilder(condition)
                        .withLastTransitionTime(before.get().getLastTransitionTime())
                        .build();
            }
            var others = Conditions.without(conditions, Conditions.PROGRESSING);
            others.add(condition);
            return others;
        }
        if (Conditions.isTimedOut(deployment, status, now())) {
            return Conditions.with(
                    conditions, progressing("False", Conditions.TIMED_OUT, subject + "has timed out progressing."));
        }
        return conditions;
    }

    private List<DeploymentCondition> failures(
            List<ReplicaSet> sets, Optional<ReplicaSet> current, List<DeploymentCondition> conditions) {
        var candidates = new ArrayList<ReplicaSet>();
        current.ifPresent(candidates::add);
        candidates.addAll(sets);
        return candidates.stream()
                .filter(set -> set.getStatus() != null)
                .flatMap(set -> set.getStatus().getConditions().stream())
                .filter(condition -> condition.getType().equals(Conditions.REPLICA_FAILURE))
                .findFirst()
                .map(failed -> Conditions.with(
                        conditions,
                        Conditions.of(
                                Conditions.REPLICA_FAILURE,
                                failed.getStatus(),
                                failed.getReason(),
                                failed.getMessage(),
                                now())))
                .orElseGet(() -> Conditions.without(conditions, Conditions.REPLICA_FAILURE));
    }

    private Outcome deadline(DeploymentStatus status) {
        var condition = Conditions.find(status.getConditions(), Conditions.PROGRESSING);
        if (condition.isEmpty()
                || Conditions.isComplete(deployment, status)
                || Conditions.TIMED_OUT.equals(condition.get().getReason())) {
            return Outcome.done();
        }
        var at = Instant.parse(condition.get().getLastUpdateTime())
                .plusSeconds(deployment.getSpec().getProgressDeadlineSeconds() + 1L);
        return Outcome.after(Duration.between(now(), at));
    }
}
