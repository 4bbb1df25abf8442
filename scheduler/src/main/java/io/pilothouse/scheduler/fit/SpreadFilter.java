package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Topology spread constraints that must hold. */
final class SpreadFilter implements Filter {
    private static final String REASON = "node(s) didn't match pod topology spread constraints";

    private record Counted(TopologySpreadConstraint constraint, Map<String, Long> domains, long least, boolean self) {}

    @Override
    public Check prepare(PodInfo pod, Collection<NodeInfo> nodes) {
        var constraints = pod.pod().getSpec().getTopologySpreadConstraints().stream()
                .filter(constraint -> "DoNotSchedule".equals(constraint.getWhenUnsatisfiable()))
                .toList();
        var counted = constraints.stream()
                .map(constraint -> count(pod, constraint, constraints, nodes))
                .toList();
        return node -> {
            for (Counted each : counted) {
                String domain = node.labels().get(each.constraint.getTopologyKey());
                if (domain == null) {
                    return Verdict.lasting(REASON + " (missing required label)");
                }
                long skew = each.domains.getOrDefault(domain, 0L) + (each.self ? 1 : 0) - each.least;
                if (skew > each.constraint.getMaxSkew()) {
                    return Verdict.passing(REASON);
                }
            }
            return Verdict.FINE;
        };
    }

    private static Counted count(
            PodInfo pod,
            TopologySpreadConstraint constraint,
            List<TopologySpreadConstraint> all,
            Collection<NodeInfo> nodes) {
        Map<String, Long> domains = counts(
                pod,
                constraint,
                nodes.stream()
                        .filter(node ->
                                all.stream().allMatch(other -> node.labels().containsKey(other.getTopologyKey())))
                        .toList());
        Integer fewest = constraint.getMinDomains();
        long least = fewest != null && domains.size() < fewest
                ? 0
                : domains.values().stream().mapToLong(Long::longValue).min().orElse(0);
        boolean self = Selectors.matches(
                PodTerms.selector(constraint.getLabelSelector(), constraint.getMatchLabelKeys(), pod), pod.labels());
        return new Counted(constraint, domains, least, self);
    }

    /** How many pods the constraint counts in each domain. */
    static Map<String, Long> counts(PodInfo pod, TopologySpreadConstraint constraint, Collection<NodeInfo> nodes) {
        var selector = PodTerms.selector(constraint.getLabelSelector(), constraint.getMatchLabelKeys(), pod);
        var domains = new HashMap<String, Long>();
        for (NodeInfo node : nodes) {
            String domain = node.labels().get(constraint.getTopologyKey());
            if (domain == null
                    || (!"Ignore".equals(constraint.getNodeAffinityPolicy()) && !NodeTerms.allow(pod, node))
                    || ("Honor".equals(constraint.getNodeTaintsPolicy())
                            && !Filters.untolerated(pod, node).fine())) {
                continue;
            }
            long here = node.pods().stream()
                    .filter(other -> other.namespace().equals(pod.namespace())
                            && other.pod().getMetadata().getDeletionTimestamp() == null)
                    .filter(other -> Selectors.matches(selector, other.labels()))
                    .count();
            domains.merge(domain, here, Long::sum);
        }
        return domains;
    }
}
