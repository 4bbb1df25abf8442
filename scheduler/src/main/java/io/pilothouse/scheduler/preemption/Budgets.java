package io.pilothouse.scheduler.preemption;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What disruption budgets allow yet, while pods are picked one after the other. For one thread. */
final class Budgets {
    private final List<PodDisruptionBudget> budgets;
    private final Map<String, Integer> left = new HashMap<>();

    Budgets(List<PodDisruptionBudget> budgets) {
        this.budgets = budgets;
        budgets.forEach(budget -> left.put(budget.getMetadata().getUid(), allowed(budget)));
    }

    private static int allowed(PodDisruptionBudget budget) {
        var status = budget.getStatus();
        return status == null || status.getDisruptionsAllowed() == null ? 0 : status.getDisruptionsAllowed();
    }

    /** Picks a pod; whether a budget protects it. */
    boolean violates(PodInfo pod) {
        boolean violated = false;
        for (var budget : budgets) {
            if (covers(budget, pod) && left.merge(budget.getMetadata().getUid(), -1, Integer::sum) < 0) {
                violated = true;
            }
        }
        return violated;
    }

    private static boolean covers(PodDisruptionBudget budget, PodInfo pod) {
        var selector = budget.getSpec().getSelector();
        return !pod.labels().isEmpty()
                && budget.getMetadata().getNamespace().equals(pod.namespace())
                && selector != null
                && !Selectors.isEmpty(selector)
                && Selectors.matches(selector, pod.labels())
                && !isDisrupted(budget, pod);
    }

    /** Those whose eviction the API server has counted already. */
    private static boolean isDisrupted(PodDisruptionBudget budget, PodInfo pod) {
        return budget.getStatus() != null
                && budget.getStatus().getDisruptedPods() != null
                && budget.getStatus()
                        .getDisruptedPods()
                        .containsKey(pod.pod().getMetadata().getName());
    }
}
