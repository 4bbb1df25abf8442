package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.Nominations;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.volumes.VolumeBinder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the node for a pod. Used by one thread at a time. */
public final class Placement {
    /** What was found. */
    public sealed interface Result {
        /** The best node. */
        record Found(String node) implements Result {}

        /**
         * No node will do.
         *
         * @param message why, in upstream's words
         * @param helpful the nodes that may do if other pods left them
         */
        record Nowhere(String message, Set<String> helpful) implements Result {}
    }

    private final List<Filter> filters;
    private final List<Scores.Weighted> scores;
    private final Nominations nominations;
    private final RandomGenerator random;

    /**
     * All filters and scores.
     *
     * @param nominations pods that wait for a node, whose room there others leave to them
     * @param namespaceLabels the labels of a namespace
     * @param random chooses among equals
     */
    public Placement(
            VolumeBinder volumes,
            Nominations nominations,
            Function<String, Map<String, String>> namespaceLabels,
            RandomGenerator random) {
        var terms = new PodTerms(namespaceLabels);
        var all = new ArrayList<>(Filters.ofOneNode());
        all.add(new ExclusiveClaims(volumes));
        all.add(new VolumeFilter(volumes));
        all.add(new SpreadFilter());
        all.add(new AffinityFilter(terms));
        this.filters = List.copyOf(all);
        this.scores = new Scores(terms).all();
        this.nominations = nominations;
        this.random = random;
    }

    /** Decides on one pod. */
    public Result place(PodInfo pod, Collection<NodeInfo> nodes) {
        if (nodes.isEmpty()) {
            return new Result.Nowhere("no nodes available to schedule pods", Set.of());
        }
        var refusal = filters.stream()
                .map(filter -> filter.refusal(pod))
                .flatMap(Optional::stream)
                .findFirst();
        if (refusal.isPresent()) {
            return new Result.Nowhere("0/" + nodes.size() + " nodes are available: " + refusal.get() + ".", Set.of());
        }
        var checks = filters.stream().map(filter -> filter.prepare(pod, nodes)).toList();
        var candidates = new ArrayList<NodeInfo>();
        var helpful = new HashSet<String>();
        var reasons = new TreeMap<String, Integer>();
        for (NodeInfo node : nodes) {
            var against =
                    withExpected(pod, node, nodes, () -> first(checks.stream().map(check -> check.of(node))));
            if (against.fine()) {
                candidates.add(node);
            } else if (!against.lasting()) {
                helpful.add(node.name());
            }
            against.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        }
        if (candidates.isEmpty()) {
            return new Result.Nowhere(message(nodes.size(), reasons), helpful);
        }
        // Others have left that node for its sake.
        var nominated = nominations.nodeOf(pod.uid());
        return new Result.Found(candidates.stream()
                .filter(node -> nominated.isPresent() && node.name().equals(nominated.get()))
                .findFirst()
                .orElseGet(() -> best(pod, candidates, nodes))
                .name());
    }

    /** How often each reason speaks against nodes, as upstream says it. */
    public static String message(int nodes, Map<String, Integer> reasons) {
        return "0/" + nodes + " nodes are available: "
                + reasons.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .sorted()
                        .collect(Collectors.joining(", "))
                + ".";
    }

    /** What speaks against a node, in upstream's words; nothing if it is fine. */
    public List<String> objections(PodInfo pod, NodeInfo node, Collection<NodeInfo> nodes) {
        return withExpected(pod, node, nodes, () -> alone(pod, node, nodes)).reasons();
    }

    /** A node must do as it is, and also with those that come before the pod there: they may come, and they may not. */
    private Verdict withExpected(
            PodInfo pod, NodeInfo node, Collection<NodeInfo> nodes, Supplier<Verdict> withoutThem) {
        var expected = nominations.before(pod, node.name());
        if (!expected.isEmpty()) {
            var full = node.copy();
            expected.forEach(full::add);
            var with = nodes.stream().map(one -> one == node ? full : one).toList();
            var against = alone(pod, full, with);
            if (!against.fine()) {
                return against;
            }
        }
        return withoutThem.get();
    }

    /** Of one node only: filters that look at all of them are asked last, and not in vain. */
    private Verdict alone(PodInfo pod, NodeInfo node, Collection<NodeInfo> nodes) {
        return first(filters.stream().map(filter -> filter.prepare(pod, nodes).of(node)));
    }

    private static Verdict first(Stream<Verdict> verdicts) {
        return verdicts.filter(found -> !found.fine()).findFirst().orElse(Verdict.FINE);
    }

    private NodeInfo best(PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        var points = scores.stream()
                .map(weighted -> Map.entry(weighted.score().points(pod, candidates, nodes), weighted.weight()))
                .toList();
        var best = new ArrayList<NodeInfo>();
        double most = -1;
        for (NodeInfo node : candidates) {
            double sum = points.stream()
                    .mapToDouble(entry -> entry.getKey().getOrDefault(node, 0.0) * entry.getValue())
                    .sum();
            if (sum > most) {
                best.clear();
                most = sum;
            }
            if (sum == most) {
                best.add(node);
            }
        }
        return best.get(random.nextInt(best.size()));
    }
}
