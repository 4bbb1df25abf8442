package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Terms of affinity between pods. */
final class PodTerms {
    private final Function<String, Map<String, String>> namespaceLabels;

    /** Terms may name namespaces by their labels. */
    PodTerms(Function<String, Map<String, String>> namespaceLabels) {
        this.namespaceLabels = namespaceLabels;
    }

    /** Whether a term of {@code owner} takes {@code other}. */
    boolean matches(PodAffinityTerm term, PodInfo owner, PodInfo other) {
        return takesNamespace(term, owner, other.namespace())
                && Selectors.matches(
                        selector(term.getLabelSelector(), term.getMatchLabelKeys(), owner), other.labels());
    }

    private boolean takesNamespace(PodAffinityTerm term, PodInfo owner, String namespace) {
        if (term.getNamespaces().isEmpty() && term.getNamespaceSelector() == null) {
            return namespace.equals(owner.namespace());
        }
        return term.getNamespaces().contains(namespace)
                || (term.getNamespaceSelector() != null
                        && Selectors.matches(term.getNamespaceSelector(), namespaceLabels.apply(namespace)));
    }

    /** A selector narrowed to the owner's own values of some labels. */
    static @Nullable LabelSelector selector(@Nullable LabelSelector selector, List<String> keys, PodInfo owner) {
        if (selector == null || keys.isEmpty()) {
            return selector;
        }
        var narrowed = new LabelSelectorBuilder(selector);
        for (String key : keys) {
            String value = owner.labels().get(key);
            if (value != null) {
                narrowed.addToMatchLabels(key, value);
            }
        }
        return narrowed.build();
    }

    static List<PodAffinityTerm> required(PodInfo pod) {
        var affinity = pod.pod().getSpec().getAffinity();
        return affinity == null || affinity.getPodAffinity() == null
                ? List.of()
                : affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
    }

    static List<PodAffinityTerm> forbidden(PodInfo pod) {
        var affinity = pod.pod().getSpec().getAffinity();
        return affinity == null || affinity.getPodAntiAffinity() == null
                ? List.of()
                : affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
    }
}
