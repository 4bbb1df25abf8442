package io.pilothouse.scheduler.fit;

import static io.pilothouse.scheduler.cluster.Requests.CPU;
import static io.pilothouse.scheduler.cluster.Requests.MEMORY;

import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.cluster.Requests;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Points for nodes, and how much each point of view weighs. */
final class Scores {
    private static final double MOST = 100;

    /** A point of view and its weight. */
    record Weighted(Score score, int weight) {}

    private final PodTerms terms;

    Scores(PodTerms terms) {
        this.terms = terms;
    }

    List<Weighted> all() {
        return List.of(
                new Weighted(Scores::taints, 3),
                new Weighted(Scores::nodeAffinity, 2),
                new Weighted(Scores::spread, 2),
                new Weighted(this::podAffinity, 2),
                new Weighted(Scores::leastAllocated, 1),
                new Weighted(Scores::balanced, 1));
    }

    private static Map<NodeInfo, Double> each(List<NodeInfo> nodes, ToDoubleFunction<NodeInfo> points) {
        var all = new LinkedHashMap<NodeInfo, Double>();
        nodes.forEach(node -> all.put(node, points.applyAsDouble(node)));
        return all;
    }

    /** Stretched so that the worst has 0 and the best 100, or the other way round. */
    private static Map<NodeInfo, Double> stretched(Map<NodeInfo, Double> raw, boolean lessIsBetter) {
        double low =
                raw.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double high =
                raw.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        raw.replaceAll((node, value) -> {
            double share = high == low ? (lessIsBetter ? 0 : 1) : (value - low) / (high - low);
            return MOST * (lessIsBetter ? 1 - share : share);
        });
        return raw;
    }

    private static Map<NodeInfo, Double> taints(PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        return stretched(
                each(
                        candidates,
                        node -> node.taints().stream()
                                .filter(taint ->
                                        "PreferNoSchedule".equals(taint.getEffect()) && !Taints.tolerates(pod, taint))
                                .count()),
                true);
    }

    private static Map<NodeInfo, Double> nodeAffinity(
            PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        var affinity = pod.pod().getSpec().getAffinity();
        if (affinity == null || affinity.getNodeAffinity() == null) {
            return each(candidates, node -> 0);
        }
        return stretched(
                each(
                        candidates,
                        node -> affinity.getNodeAffinity().getPreferredDuringSchedulingIgnoredDuringExecution().stream()
                                .filter(term -> NodeTerms.matches(term.getPreference(), node))
                                .mapToDouble(term -> term.getWeight())
                                .sum()),
                false);
    }

    /** Soft constraints; a pod that states none is spread over the nodes away from its siblings of the same controller. */
    private static Map<NodeInfo, Double> spread(PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        var soft = pod.pod().getSpec().getTopologySpreadConstraints().stream()
                .filter(constraint -> "ScheduleAnyway".equals(constraint.getWhenUnsatisfiable()))
                .toList();
        if (soft.isEmpty()) {
            var owner = Owners.controllerOf(pod.pod());
            return stretched(
                    each(
                            candidates,
                            node -> owner.isEmpty()
                                    ? 0
                                    : node.pods().stream()
                                            .filter(other -> Owners.controllerOf(other.pod())
                                                    .filter(its -> its.getUid()
                                                            .equals(owner.get().getUid()))
                                                    .isPresent())
                                            .count()),
                    true);
        }
        var sums = new HashMap<NodeInfo, Double>();
        for (var constraint : soft) {
            var counts = SpreadFilter.counts(pod, constraint, nodes);
            double weight = Math.log(counts.size() + 2);
            for (NodeInfo node : candidates) {
                String domain = node.labels().get(constraint.getTopologyKey());
                // A node outside all domains counts as the fullest of them.
                long here = domain == null
                        ? counts.values().stream()
                                        .mapToLong(Long::longValue)
                                        .max()
                                        .orElse(0)
                                + 1
                        : counts.getOrDefault(domain, 0L);
                sums.merge(node, here * weight, Double::sum);
            }
        }
        return stretched(sums, true);
    }

    private Map<NodeInfo, Double> podAffinity(PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        record Domain(String key, String value) {}
        var affinity = pod.pod().getSpec().getAffinity();
        List<WeightedPodAffinityTerm> wanted = affinity == null || affinity.getPodAffinity() == null
                ? List.of()
                : affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecution();
        List<WeightedPodAffinityTerm> unwanted = affinity == null || affinity.getPodAntiAffinity() == null
                ? List.of()
                : affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution();
        if (wanted.isEmpty() && unwanted.isEmpty()) {
            return each(candidates, node -> 0);
        }
        var domains = new HashMap<Domain, Double>();
        for (NodeInfo node : nodes) {
            for (PodInfo other : node.pods()) {
                wanted.stream()
                        .filter(term -> terms.matches(term.getPodAffinityTerm(), pod, other))
                        .forEach(term -> domains.merge(
                                new Domain(
                                        term.getPodAffinityTerm().getTopologyKey(),
                                        node.labels()
                                                .getOrDefault(
                                                        term.getPodAffinityTerm()
                                                                .getTopologyKey(),
                                                        "")),
                                (double) term.getWeight(),
                                Double::sum));
                unwanted.stream()
                        .filter(term -> terms.matches(term.getPodAffinityTerm(), pod, other))
                        .forEach(term -> domains.merge(
                                new Domain(
                                        term.getPodAffinityTerm().getTopologyKey(),
                                        node.labels()
                                                .getOrDefault(
                                                        term.getPodAffinityTerm()
                                                                .getTopologyKey(),
                                                        "")),
                                (double) -term.getWeight(),
                                Double::sum));
            }
        }
        return stretched(
                each(
                        candidates,
                        node -> domains.entrySet().stream()
                                .filter(entry -> entry.getKey()
                                        .value
                                        .equals(node.labels().get(entry.getKey().key)))
                                .mapToDouble(Map.Entry::getValue)
                                .sum()),
                false);
    }

    private static double share(PodInfo pod, NodeInfo node, String resource) {
        long has = node.allocatable(resource);
        long used = node.requestedForScore(resource)
                + Requests.forScore(pod.requests()).getOrDefault(resource, 0L);
        return has == 0 ? 1 : Math.min(1, (double) used / has);
    }

    private static Map<NodeInfo, Double> leastAllocated(
            PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        return each(candidates, node -> MOST * (1 - (share(pod, node, CPU) + share(pod, node, MEMORY)) / 2));
    }

    private static Map<NodeInfo, Double> balanced(PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes) {
        return each(candidates, node -> MOST * (1 - Math.abs(share(pod, node, CPU) - share(pod, node, MEMORY)) / 2));
    }
}
