package io.pilothouse.scheduler.preemption;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    private static PodInfo pod(String namespace, String name, String app) {
        return PodInfo.of(new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(Map.of("app", app))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build());
    }

    private static PodDisruptionBudget budget(int allowed) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName("budget")
                .withNamespace("ns")
                .withUid("uid")
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .endSpec()
                .withNewStatus()
                .withDisruptionsAllowed(allowed)
                .addToDisruptedPods("going", "2026-01-01T00:00:00Z")
                .endStatus()
                .build();
    }

    @Test
    void whatIsAllowedIsUsedUp() {
        var budgets = new Budgets(List.of(budget(1)));
        assertThat(budgets.violates(pod("other", "a", "web"))).isFalse();
        assertThat(budgets.violates(pod("ns", "a", "db"))).isFalse();
        assertThat(budgets.violates(pod("ns", "going", "web"))).isFalse();
        assertThat(budgets.violates(pod("ns", "a", "web"))).isFalse();
        assertThat(budgets.violates(pod("ns", "b", "web"))).isTrue();
    }
}
