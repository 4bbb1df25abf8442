package io.pilothouse.controllers.deployment;

import static io.pilothouse.controllers.deployment.Conditions.count;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.workqueue.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One pass over one deployment: what its strategy asks for next. */
final class Rollout {
    private final DeploymentWriter writer;
    private final List<ReplicaSet> sets;
    private final Supplier<List<Pod>> pods;

    /**
     * A pass.
     *
     * @param sets all that the deployment controls
     * @param pods all pods of those sets
     */
    Rollout(DeploymentWriter writer, List<ReplicaSet> sets, Supplier<List<Pod>> pods) {
        this.writer = writer;
        this.sets = sets;
        this.pods = pods;
    }

    Outcome run() {
        Deployment deployment = writer.deployment();
        if (deployment.getMetadata().getDeletionTimestamp() != null) {
            return writer.status(sets, Revisions.current(deployment, sets), false);
        }
        writer.pausedCondition();
        if (Boolean.TRUE.equals(deployment.getSpec().getPaused()) || isScaling()) {
            var current = writer.current(sets, false);
            scale(current);
            if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
                writer.cleanUp(old(current));
            }
            return writer.status(sets, current, false);
        }
        return Sizes.isRolling(deployment) ? rolling() : recreate();
    }

    private boolean isScaling() {
        int wanted = Sizes.wanted(writer.deployment());
        return active(sets).stream().anyMatch(set -> Sizes.annotated(set, Sizes.DESIRED, wanted) != wanted);
    }

    private Outcome rolling() {
        Deployment deployment = writer.deployment();
        Optional<ReplicaSet> current = writer.current(sets, true);
        if (current.isEmpty()) {
            return Outcome.done();
        }
        var old = old(current);
        var all = new ArrayList<>(old);
        all.add(current.get());
        boolean stepped = growNew(current.get(), all) || shrinkOld(current.get(), old, all);
        if (!stepped
                && deployment.getStatus() != null
                && Conditions.isComplete(deployment, writer.calculate(all, current))) {
            writer.cleanUp(old);
        }
        return writer.status(all, current, true);
    }

    private boolean growNew(ReplicaSet current, List<ReplicaSet> all) {
        Deployment deployment = writer.deployment();
        int size = current.getSpec().getReplicas();
        int next = size > Sizes.wanted(deployment) ? Sizes.wanted(deployment) : Sizes.ofNew(deployment, all, size);
        return size != Sizes.wanted(deployment) && writer.resize(current, next);
    }

    private boolean shrinkOld(ReplicaSet current, List<ReplicaSet> old, List<ReplicaSet> all) {
        Deployment deployment = writer.deployment();
        if (Sizes.total(old) == 0) {
            return false;
        }
        int least = Sizes.wanted(deployment) - Sizes.maxUnavailable(deployment);
        int unavailable = current.getSpec().getReplicas() - Sizes.available(current);
        int spare = Sizes.total(all) - least - unavailable;
        if (spare <= 0) {
            return false;
        }
        var sizes = new LinkedHashMap<ReplicaSet, Integer>();
        active(old).stream()
                .sorted(Revisions.BY_AGE)
                .forEach(set -> sizes.put(set, set.getSpec().getReplicas()));
        int unhealthy = 0;
        for (var entry : sizes.entrySet()) {
            int drop = Math.min(spare - unhealthy, entry.getValue() - Sizes.available(entry.getKey()));
            if (drop > 0) {
                entry.setValue(entry.getValue() - drop);
                unhealthy += drop;
            }
        }
        int healthy = Math.max(0, Sizes.available(all) - least);
        for (var entry : sizes.entrySet()) {
            int drop = Math.min(healthy, entry.getValue());
            entry.setValue(entry.getValue() - drop);
            healthy -= drop;
        }
        boolean stepped = false;
        for (var entry : sizes.entrySet()) {
            stepped |= entry.getValue() < entry.getKey().getSpec().getReplicas()
                    && writer.resize(entry.getKey(), entry.getValue());
        }
        return stepped;
    }

    private Outcome recreate() {
        var current = writer.current(sets, false);
        var old = old(current);
        boolean stepped = false;
        for (ReplicaSet set : active(old)) {
            stepped |= writer.resize(set, 0);
        }
        if (stepped || oldPodsRun(current)) {
            return writer.status(sets, current, true);
        }
        var made = current.isPresent() ? current : writer.current(sets, true);
        if (made.isEmpty()) {
            return Outcome.done();
        }
        var all = new ArrayList<>(old);
        all.add(made.get());
        boolean grew = writer.resize(made.get(), Sizes.wanted(writer.deployment()));
        if (!grew && Conditions.isComplete(writer.deployment(), writer.calculate(all, made))) {
            writer.cleanUp(old);
        }
        return writer.status(all, made, true);
    }

    private boolean oldPodsRun(Optional<ReplicaSet> current) {
        String uid = current.map(set -> set.getMetadata().getUid()).orElse("");
        return pods.get().stream()
                .filter(pod -> !PodStates.isFinished(pod))
                .anyMatch(pod -> pod.getMetadata().getOwnerReferences().stream()
                        .noneMatch(owner -> owner.getUid().equals(uid)));
    }

    /** Brings the sets to the size of the deployment without a step of the rollout. */
    private void scale(Optional<ReplicaSet> current) {
        Deployment deployment = writer.deployment();
        var active = active(sets);
        var only = active.size() > 1
                ? Optional.<ReplicaSet>empty()
                : active.size() == 1
                        ? Optional.of(active.getFirst())
                        : current.or(() -> sets.stream().max(Revisions.BY_AGE));
        if (only.isPresent()) {
            writer.resize(only.get(), Sizes.wanted(deployment));
        } else if (current.isPresent() && isSaturated(current.get())) {
            active(old(current)).forEach(set -> writer.resize(set, 0));
        } else if (Sizes.isRolling(deployment) && active.size() > 1) {
            proportionally(active);
        }
    }

    private void proportionally(List<ReplicaSet> active) {
        Deployment deployment = writer.deployment();
        int allowed = Sizes.wanted(deployment) > 0 ? Sizes.wanted(deployment) + Sizes.maxSurge(deployment) : 0;
        int toAdd = allowed - Sizes.total(active);
        Comparator<ReplicaSet> bySize =
                Comparator.comparingInt((ReplicaSet set) -> -set.getSpec().getReplicas());
        var ordered = active.stream()
                .sorted(bySize.thenComparing(toAdd > 0 ? Revisions.BY_AGE.reversed() : Revisions.BY_AGE))
                .toList();
        Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
        int added = 0;
        for (ReplicaSet set : ordered) {
            int share = Sizes.proportion(set, deployment, toAdd, added);
            sizes.put(set, set.getSpec().getReplicas() + share);
            added += share;
        }
        sizes.merge(ordered.getFirst(), toAdd - added, (size, rest) -> Math.max(0, size + rest));
        sizes.forEach(writer::resize);
    }

    private boolean isSaturated(ReplicaSet set) {
        int wanted = Sizes.wanted(writer.deployment());
        return set.getSpec().getReplicas() == wanted
                && Sizes.annotated(set, Sizes.DESIRED, -1) == wanted
                && count(set.getStatus() == null ? null : set.getStatus().getAvailableReplicas()) == wanted;
    }

    private List<ReplicaSet> old(Optional<ReplicaSet> current) {
        String uid = current.map(set -> set.getMetadata().getUid()).orElse("");
        return sets.stream()
                .filter(set -> !set.getMetadata().getUid().equals(uid))
                .toList();
    }

    private static List<ReplicaSet> active(List<ReplicaSet> sets) {
        return sets.stream().filter(set -> set.getSpec().getReplicas() > 0).toList();
    }
}
