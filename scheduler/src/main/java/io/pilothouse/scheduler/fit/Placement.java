package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.volumes.VolumeBinder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Finds the node for a pod. Used by one thread at a time. */
public final class Placement {
    /** What was found. */
    public sealed interface Result {
        /** The best node. */
        record Found(String node) implements Result {}

        /** Why no node will do, in upstream's words. */
        record Nowhere(String message) implements Result {}
    }

    private final List<Filter> filters;
    private final List<Scores.Weighted> scores;
    private final RandomGenerator random;

    /**
     * All filters and scores.
     *
     * @param namespaceLabels the labels of a namespace
     * @param random chooses among equals
     */
    public Placement(
            VolumeBinder volumes, Function<String, Map<String, String>> namespaceLabels, RandomGenerator random) {
        var terms = new PodTerms(namespaceLabels);
        var all = new ArrayList<>(Filters.ofOneNode());
        all.add(new VolumeFilter(volumes));
        all.add(new SpreadFilter());
        all.add(new AffinityFilter(terms));
        this.filters = List.copyOf(all);
        this.scores = new Scores(terms).all();
        this.random = random;
    }

    /** Decides on one pod. */
    public Result place(PodInfo pod, Collection<NodeInfo> nodes) {
        if (nodes.isEmpty()) {
            return new Result.Nowhere("no nodes available to schedule pods");
        }
        var refusal = filters.stream()
                .map(filter -> filter.refusal(pod))
                .flatMap(Optional::stream)
                .findFirst();
        if (refusal.isPresent()) {
            return new Result.Nowhere("0/" + nodes.size() + " nodes are available: " + refusal.get() + ".");
        }
        var checks = filters.stream().map(filter -> filter.prepare(pod, nodes)).toList();
        var candidates = new ArrayList<NodeInfo>();
        var reasons = new TreeMap<String, Integer>();
        for (NodeInfo node : nodes) {
            var against = checks.stream()
                    .map(check -> check.of(node))
                    .filter(found -> !found.fine())
                    .findFirst()
                    .orElse(Verdict.FINE);
            if (against.fine()) {
                candidates.add(node);
            }
            against.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        }
        if (candidates.isEmpty()) {
            return new Result.Nowhere("0/" + nodes.size() + " nodes are available: "
                    + reasons.entrySet().stream()
                            .map(entry -> entry.getValue() + " " + entry.getKey())
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        return new Result.Found(best(pod, candidates, nodes).name());
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
