package io.pilothouse.controllers.disruption;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BudgetStatusTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    private static PodDisruptionBudget budget(Map<String, String> disrupted) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName("b")
                .withGeneration(3L)
                .endMetadata()
                .withNewStatus()
                .withDisruptedPods(disrupted)
                .withDesiredHealthy(7)
                .withConditions(new ConditionBuilder()
                        .withType("DisruptionAllowed")
                        .withStatus("False")
                        .withReason("InsufficientPods")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .build())
                .endStatus()
                .build();
    }

    @Test
    void anEvictedPodCountsAsGoneForTwoMinutes() {
        var pods = List.of(pod("a"), pod("b"), pod("c"));
        var status = new BudgetStatus(
                budget(Map.of(
                        "a", "2026-03-01T11:59:00Z", "b", "2026-03-01T11:57:59Z", "gone", "2026-03-01T11:59:00Z")),
                NOW);
        var disrupted = status.disrupted(pods);
        assertThat(disrupted).containsOnlyKeys("a");
        assertThat(status.overdue(pods))
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("b");
        var wanted = status.of(pods, new Calculation(3, 1, Set.of()), disrupted);
        assertThat(wanted.getCurrentHealthy()).isEqualTo(2);
        assertThat(wanted.getDisruptionsAllowed()).isEqualTo(1);
        assertThat(wanted.getDisruptedPods()).isEqualTo(Map.of("a", "2026-03-01T11:59:00Z"));
        assertThat(wanted.getConditions().getFirst().getLastTransitionTime()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void nothingMayGoWhereNothingIsExpected() {
        var status = new BudgetStatus(budget(Map.of()), NOW)
                .of(List.of(pod("a")), new Calculation(0, 0, Set.of()), Map.of());
        assertThat(status.getDisruptionsAllowed()).isZero();
        assertThat(status.getConditions().getFirst().getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void whatCannotBeCalculatedForbidsAllAndKeepsTheRest() {
        var failed = new BudgetStatus(budget(Map.of("a", "2026-03-01T11:59:00Z")), NOW).failed("why");
        assertThat(failed.getDisruptionsAllowed()).isZero();
        assertThat(failed.getDesiredHealthy()).isEqualTo(7);
        assertThat(failed.getDisruptedPods()).containsOnlyKeys("a");
        assertThat(failed.getConditions().getFirst().getReason()).isEqualTo("SyncFailed");
        assertThat(failed.getConditions().getFirst().getMessage()).isEqualTo("why");
    }
}
