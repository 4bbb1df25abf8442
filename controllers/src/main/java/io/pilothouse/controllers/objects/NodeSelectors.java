package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Node selectors against nodes. */
public final class NodeSelectors {
    private NodeSelectors() {}

    /** Whether the selector and the required affinity of a pod take the node. */
    public static boolean allow(PodSpec spec, String name, Map<String, String> labels) {
        if (!Selectors.matchesAll(spec.getNodeSelector(), labels)) {
            return false;
        }
        var affinity = spec.getAffinity() == null ? null : spec.getAffinity().getNodeAffinity();
        return affinity == null
                || affinity.getRequiredDuringSchedulingIgnoredDuringExecution() == null
                || matches(affinity.getRequiredDuringSchedulingIgnoredDuringExecution(), name, labels);
    }

    /** Whether one of the terms takes the node. */
    public static boolean matches(NodeSelector selector, String name, Map<String, String> labels) {
        return selector.getNodeSelectorTerms().stream().anyMatch(term -> matches(term, name, labels));
    }

    /** Whether the term takes the node; an empty one takes none. */
    public static boolean matches(NodeSelectorTerm term, String name, Map<String, String> labels) {
        if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
            return false;
        }
        return term.getMatchExpressions().stream()
                        .allMatch(requirement -> matches(requirement, labels.get(requirement.getKey())))
                && term.getMatchFields().stream()
                        .allMatch(requirement ->
                                matches(requirement, requirement.getKey().equals("metadata.name") ? name : null));
    }

    private static boolean matches(NodeSelectorRequirement requirement, @Nullable String value) {
        List<String> values = requirement.getValues();
        return switch (requirement.getOperator()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt", "Lt" -> value != null && compares(requirement.getOperator(), value, values.getFirst());
            default -> false;
        };
    }

    private static boolean compares(String operator, String value, String limit) {
        try {
            int order = Long.compare(Long.parseLong(value), Long.parseLong(limit));
            return operator.equals("Gt") ? order > 0 : order < 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
