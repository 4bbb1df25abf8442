package io.pilothouse.scheduler.preemption;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.Nominations;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.fit.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Finds the node on which pods of lower priority make room for one that fits nowhere. Used by the thread that decides. */
public final class Preemption {
    static final String REASON = "PreemptionByScheduler";

    private static final int LEAST_CANDIDATES = 100;
    private static final int SHARE_OF_NODES = 10;

    private final Placement placement;
    private final Nominations nominations;
    private final Cache<PodDisruptionBudget> budgets;
    private final RandomGenerator random;

    /** @param random chooses where the look at the nodes begins */
    public Preemption(
            Placement placement, Nominations nominations, Cache<PodDisruptionBudget> budgets, RandomGenerator random) {
        this.placement = placement;
        this.nominations = nominations;
        this.budgets = budgets;
        this.random = random;
    }

    /** What was found. */
    public sealed interface Outcome {
        /** Room can be made. */
        record Room(Candidate candidate) implements Outcome {}

        /** It has to wait for those that are going already, or may not make others go; in upstream's words. */
        record Waits(String message) implements Outcome {}

        /** Nobody's going would help; in upstream's words. */
        record Unhelpful(String message) implements Outcome {}
    }

    /** @param helpful the nodes where it would fit if others went, perhaps */
    public Outcome find(PodInfo pod, Collection<NodeInfo> nodes, Set<String> helpful) {
        if (nodes.isEmpty()) {
            return new Outcome.Waits("");
        }
        if ("Never".equals(pod.pod().getSpec().getPreemptionPolicy())) {
            return new Outcome.Waits("not eligible due to preemptionPolicy=Never.");
        }
        if (isBeingMadeRoom(pod, nodes, helpful)) {
            return new Outcome.Waits("not eligible due to a terminating pod on the nominated node.");
        }
        var potential =
                nodes.stream().filter(node -> helpful.contains(node.name())).toList();
        var reasons = new TreeMap<String, Integer>();
        var candidates = candidates(pod, nodes, potential, reasons);
        if (!candidates.isEmpty()) {
            return new Outcome.Room(
                    candidates.stream().min(Candidate.BEST_FIRST).orElseThrow());
        }
        if (potential.size() < nodes.size()) {
            reasons.merge("Preemption is not helpful for scheduling", nodes.size() - potential.size(), Integer::sum);
        }
        return new Outcome.Unhelpful(Placement.message(nodes.size(), reasons));
    }

    private List<Candidate> candidates(
            PodInfo pod, Collection<NodeInfo> nodes, List<NodeInfo> potential, Map<String, Integer> reasons) {
        var candidates = new ArrayList<Candidate>();
        if (potential.isEmpty()) {
            return candidates;
        }
        var victims = new Victims(placement, budgets.all());
        int enough = Math.max(potential.size() * SHARE_OF_NODES / 100, LEAST_CANDIDATES);
        int offset = random.nextInt(potential.size());
        boolean harmless = false;
        for (int i = 0; i < potential.size() && !(harmless && candidates.size() >= enough); i++) {
            switch (victims.on(potential.get((offset + i) % potential.size()), pod, nodes)) {
                case Victims.Found.Room(var candidate) -> {
                    candidates.add(candidate);
                    harmless |= candidate.violations() == 0;
                }
                case Victims.Found.None(var against) ->
                    against.forEach(reason -> reasons.merge(reason, 1, Integer::sum));
            }
        }
        return candidates;
    }

    private boolean isBeingMadeRoom(PodInfo pod, Collection<NodeInfo> nodes, Set<String> helpful) {
        var nominated = nominations.nodeOf(pod.uid()).filter(helpful::contains);
        return nominated.isPresent()
                && nodes.stream()
                        .filter(node -> node.name().equals(nominated.get()))
                        .flatMap(node -> node.pods().stream())
                        .anyMatch(other -> other.priority() < pod.priority() && isGoing(other));
    }

    private static boolean isGoing(PodInfo pod) {
        return pod.pod().getMetadata().getDeletionTimestamp() != null
                && PodStates.condition(pod.pod(), "DisruptionTarget")
                        .filter(condition ->
                                condition.getStatus().equals("True") && REASON.equals(condition.getReason()))
                        .isPresent();
    }
}
