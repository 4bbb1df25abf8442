package io.pilothouse.scheduler.preemption;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.fit.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Who has to leave a node so that a pod fits there. */
record Victims(Placement placement, List<PodDisruptionBudget> budgets) {
    /** Started before: more important. Who has not started comes last. */
    private static final String NOT_STARTED = "9";

    private static final Comparator<PodInfo> MOST_IMPORTANT_FIRST =
            Comparator.comparingInt((PodInfo pod) -> -pod.priority()).thenComparing(Victims::start);

    /** What was found: a candidate, or why the node is none. */
    sealed interface Found {
        record Room(Candidate candidate) implements Found {}

        record None(List<String> reasons) implements Found {}
    }

    static String start(PodInfo pod) {
        var status = pod.pod().getStatus();
        return status == null || status.getStartTime() == null ? NOT_STARTED : status.getStartTime();
    }

    Found on(NodeInfo node, PodInfo pod, Collection<NodeInfo> nodes) {
        var copy = node.copy();
        var lower = new ArrayList<>(node.pods().stream()
                .filter(other -> other.priority() < pod.priority())
                .sorted(MOST_IMPORTANT_FIRST)
                .toList());
        if (lower.isEmpty()) {
            return new Found.None(List.of("No preemption victims found for incoming pod"));
        }
        lower.forEach(other -> copy.remove(other.uid()));
        var changed = nodes.stream().map(one -> one == node ? copy : one).toList();
        var against = placement.objections(pod, copy, changed);
        if (!against.isEmpty()) {
            return new Found.None(against);
        }
        var protection = new Budgets(budgets);
        var violating = new ArrayList<PodInfo>();
        var others = new ArrayList<PodInfo>();
        lower.forEach(other -> (protection.violates(other) ? violating : others).add(other));
        var victims = new ArrayList<PodInfo>(unspared(violating, pod, copy, changed));
        int violations = victims.size();
        victims.addAll(unspared(others, pod, copy, changed));
        victims.sort(MOST_IMPORTANT_FIRST);
        return victims.isEmpty()
                ? new Found.None(List.of("expected at least one victim pod on node \"" + node.name() + "\""))
                : new Found.Room(new Candidate(node.name(), victims, violations));
    }

    /** Those of some that cannot stay; the most important are tried first. */
    private List<PodInfo> unspared(List<PodInfo> some, PodInfo pod, NodeInfo copy, List<NodeInfo> nodes) {
        var out = new ArrayList<PodInfo>();
        for (var other : some) {
            copy.add(other);
            if (!placement.objections(pod, copy, nodes).isEmpty()) {
                copy.remove(other.uid());
                out.add(other);
            }
        }
        return out;
    }
}
