package io.pilothouse.controllers.statefulset;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Percentages;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** One look at a stateful set: counts its pods, and does what the order lets be done now. For one thread, once. */
final class StatefulRollout {
    private final ControllerContext context;
    private final StatefulWriter writer;
    private final StatefulRevisions revisions;
    private final StatefulSet set;
    private final StatefulRevisions.Pair pair;
    private final Map<Integer, Pod> wanted = new TreeMap<>();
    private final List<Pod> condemned;
    private final boolean ordered;
    private final int minReady;
    private final Instant now;
    private int created;
    private int ready;
    private int available;
    private int current;
    private int updated;

    StatefulRollout(
            ControllerContext context,
            StatefulWriter writer,
            StatefulRevisions revisions,
            StatefulSet set,
            StatefulRevisions.Pair pair,
            List<Pod> pods) {
        this.context = context;
        this.writer = writer;
        this.revisions = revisions;
        this.set = set;
        this.pair = pair;
        this.ordered = !"Parallel".equals(set.getSpec().getPodManagementPolicy());
        this.minReady = Objects.requireNonNullElse(set.getSpec().getMinReadySeconds(), 0);
        this.now = context.clock().instant();
        pods.stream()
                .filter(pod -> StatefulPods.isWanted(set, pod))
                .forEach(pod -> wanted.put(StatefulPods.ordinal(set, pod), pod));
        this.condemned = pods.stream()
                .filter(pod -> !StatefulPods.isWanted(set, pod))
                .sorted(Comparator.comparingInt((Pod pod) -> StatefulPods.ordinal(set, pod))
                        .reversed())
                .toList();
        pods.forEach(this::count);
    }

    private void count(Pod pod) {
        created++;
        if (isRunningAndReady(pod)) {
            ready++;
            available += isAvailable(pod) ? 1 : 0;
        }
        if (!Owners.isDeleting(pod)) {
            countRevision(StatefulPods.revision(pod), 1);
        }
    }

    private void countRevision(String revision, int by) {
        current += revision.equals(pair.currentName()) ? by : 0;
        updated += revision.equals(pair.updateName()) ? by : 0;
    }

    private static boolean isRunningAndReady(Pod pod) {
        return PodStates.phase(pod).equals("Running") && PodStates.isReady(pod);
    }

    private boolean isAvailable(Pod pod) {
        return isRunningAndReady(pod) && PodStates.isAvailable(pod, minReady, now);
    }

    private static boolean isHealthy(Pod pod) {
        return isRunningAndReady(pod) && !Owners.isDeleting(pod);
    }

    /** Whether pods that are ready are waited for until they count as available. */
    boolean waitsForAvailability() {
        return available < ready;
    }

    /** Does what can be done now. */
    void run() {
        wanted.values().forEach(pod -> writer.own(set, pod));
        condemned.forEach(pod -> writer.own(set, pod));
        if (fill()
                && scaleDown()
                && !"OnDelete".equals(set.getSpec().getUpdateStrategy().getType())) {
            update();
        }
    }

    /** Makes what is missing, lowest first; false when the order says to wait. */
    private boolean fill() {
        int start = StatefulPods.start(set);
        for (int ordinal = start; ordinal < start + StatefulPods.wanted(set); ordinal++) {
            Pod pod = wanted.get(ordinal);
            if (pod == null) {
                make(ordinal);
                if (ordered) {
                    return false;
                }
            } else if (!keep(pod)) {
                return false;
            }
        }
        return true;
    }

    private void make(int ordinal) {
        boolean old = isOfCurrent(ordinal);
        String revision = old ? pair.currentName() : pair.updateName();
        writer.create(
                set,
                StatefulPods.pod(set, revisions.template(old ? pair.current() : pair.update()), revision, ordinal));
        created++;
        countRevision(revision, 1);
    }

    /** Pods below the partition, or that the roll-out has not come to, are made of the current revision. */
    private boolean isOfCurrent(int ordinal) {
        if (!"RollingUpdate".equals(set.getSpec().getUpdateStrategy().getType())) {
            return false;
        }
        int start = StatefulPods.start(set);
        var rolling = set.getSpec().getUpdateStrategy().getRollingUpdate();
        int count = set.getStatus() == null
                ? 0
                : Objects.requireNonNullElse(set.getStatus().getCurrentReplicas(), 0);
        return ordinal < start + (rolling == null ? count : partition());
    }

    private int partition() {
        var rolling = set.getSpec().getUpdateStrategy().getRollingUpdate();
        return rolling == null ? 0 : Objects.requireNonNullElse(rolling.getPartition(), 0);
    }

    /** False when the order says to wait for this pod. */
    private boolean keep(Pod pod) {
        if (PodStates.isFinished(pod)) {
            if (!Owners.isDeleting(pod)) {
                context.events()
                        .warning(
                                set,
                                "RecreatingFailedPod",
                                "StatefulSet " + set.getMetadata().getNamespace() + "/"
                                        + set.getMetadata().getName() + " is recreating failed Pod "
                                        + pod.getMetadata().getName());
                writer.delete(set, pod);
            }
            // Its successor is made once it is gone.
            return false;
        }
        if (PodStates.phase(pod).equals("Pending")) {
            writer.makeClaims(set, pod);
        }
        if (ordered && (Owners.isDeleting(pod) || !isAvailable(pod))) {
            return false;
        }
        if (!StatefulPods.isIdentified(set, pod) && !Owners.isDeleting(pod)) {
            writer.mend(set, pod);
        }
        return true;
    }

    /** Deletes what is too much, highest first; false when the order says to wait. */
    private boolean scaleDown() {
        Pod firstUnhealthy = java.util.stream.Stream.concat(wanted.values().stream(), condemned.reversed().stream())
                .filter(pod -> !isHealthy(pod))
                .findFirst()
                .orElse(null);
        for (Pod pod : condemned) {
            if (Owners.isDeleting(pod)) {
                if (ordered) {
                    return false;
                }
                continue;
            }
            if (ordered && !isAvailable(pod) && !pod.equals(firstUnhealthy)) {
                return false;
            }
            writer.delete(set, pod);
            countRevision(StatefulPods.revision(pod), -1);
            if (ordered) {
                return false;
            }
        }
        return true;
    }

    /** Replaces what is of another revision, highest first, as many at a time as may be unavailable. */
    private void update() {
        var rolling = set.getSpec().getUpdateStrategy().getRollingUpdate();
        IntOrString most = rolling == null ? null : rolling.getMaxUnavailable();
        int spare = Math.max(1, most == null ? 1 : Percentages.of(most, StatefulPods.wanted(set), true));
        for (Pod pod : List.copyOf(wanted.values()).reversed()) {
            if (StatefulPods.ordinal(set, pod) < StatefulPods.start(set) + partition() || spare <= 0) {
                return;
            }
            if (!StatefulPods.revision(pod).equals(pair.updateName()) && !Owners.isDeleting(pod)) {
                writer.delete(set, pod);
                countRevision(StatefulPods.revision(pod), -1);
                spare--;
            } else if (!isHealthy(pod)) {
                spare--;
            }
        }
    }

    /** What the set's status becomes. */
    StatefulSetStatus status() {
        int replicas = StatefulPods.wanted(set);
        boolean done = "RollingUpdate".equals(set.getSpec().getUpdateStrategy().getType())
                && updated == replicas
                && created == replicas
                && ready == replicas;
        return new StatefulSetStatusBuilder(set.getStatus() == null ? new StatefulSetStatus() : set.getStatus())
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(created)
                .withReadyReplicas(ready)
                .withAvailableReplicas(available)
                .withCurrentReplicas(done ? updated : current)
                .withUpdatedReplicas(updated)
                .withCurrentRevision(done ? pair.updateName() : pair.currentName())
                .withUpdateRevision(pair.updateName())
                .withCollisionCount(pair.collisions())
                .build();
    }
}
