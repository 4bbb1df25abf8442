package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Affinity and anti-affinity between pods, those of the pods that are there included. */
final class AffinityFilter implements Filter {
    private record Domain(String key, String value) {}

    private final PodTerms terms;

    AffinityFilter(PodTerms terms) {
        this.terms = terms;
    }

    @Override
    public Check prepare(PodInfo pod, Collection<NodeInfo> nodes) {
        List<PodAffinityTerm> required = PodTerms.required(pod);
        List<PodAffinityTerm> forbidden = PodTerms.forbidden(pod);
        Set<Domain> refusing = new HashSet<>();
        Set<Domain> avoided = new HashSet<>();
        Set<Domain> sought = new HashSet<>();
        for (NodeInfo node : nodes) {
            for (PodInfo other : node.pods()) {
                PodTerms.forbidden(other).stream()
                        .filter(term -> terms.matches(term, other, pod))
                        .forEach(term -> add(refusing, term, node));
                forbidden.stream()
                        .filter(term -> terms.matches(term, pod, other))
                        .forEach(term -> add(avoided, term, node));
                if (!required.isEmpty() && required.stream().allMatch(term -> terms.matches(term, pod, other))) {
                    required.forEach(term -> add(sought, term, node));
                }
            }
        }
        // The first of a group that seeks its own kind finds nobody and may go anywhere.
        boolean first = sought.isEmpty() && required.stream().allMatch(term -> terms.matches(term, pod, pod));
        return node -> {
            if (!required.stream().allMatch(term -> {
                String value = node.labels().get(term.getTopologyKey());
                return value != null && (first || sought.contains(new Domain(term.getTopologyKey(), value)));
            })) {
                return Verdict.lasting("node(s) didn't match pod affinity rules");
            }
            if (forbidden.stream().anyMatch(term -> isIn(avoided, term.getTopologyKey(), node))) {
                return Verdict.passing("node(s) didn't match pod anti-affinity rules");
            }
            boolean refused = refusing.stream()
                    .anyMatch(domain -> domain.value.equals(node.labels().get(domain.key)));
            return refused ? Verdict.passing("node(s) didn't satisfy existing pods anti-affinity rules") : Verdict.FINE;
        };
    }

    private static boolean isIn(Set<Domain> domains, String key, NodeInfo node) {
        String value = node.labels().get(key);
        return value != null && domains.contains(new Domain(key, value));
    }

    private static void add(Set<Domain> domains, PodAffinityTerm term, NodeInfo node) {
        String value = node.labels().get(term.getTopologyKey());
        if (value != null) {
            domains.add(new Domain(term.getTopologyKey(), value));
        }
    }
}
