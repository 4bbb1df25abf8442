package io.pilothouse.controllers.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class NormalizationTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final History history = new History();
    private String said = "";

    private static HorizontalPodAutoscaler autoscaler() {
        return new HorizontalPodAutoscalerBuilder()
                .withNewSpec()
                .withMaxReplicas(100)
                .endSpec()
                .build();
    }

    private static HorizontalPodAutoscaler autoscaler(HPAScalingRules up, HPAScalingRules down) {
        return new HorizontalPodAutoscalerBuilder()
                .withNewSpec()
                .withMaxReplicas(100)
                .withNewBehavior()
                .withScaleUp(up)
                .withScaleDown(down)
                .endBehavior()
                .endSpec()
                .build();
    }

    private static HPAScalingRules rules(int window, String select, int pods, int percent) {
        return new HPAScalingRulesBuilder()
                .withStabilizationWindowSeconds(window)
                .withSelectPolicy(select)
                .addNewPolicy(60, "Pods", pods)
                .addNewPolicy(60, "Percent", percent)
                .build();
    }

    private int at(int seconds, HorizontalPodAutoscaler autoscaler, int current, int recommended) {
        Instant now = START.plusSeconds(seconds);
        var draft = new StatusDraft(autoscaler, now);
        int wanted = new Normalization(history, Duration.ofMinutes(5), now)
                .apply(autoscaler, draft, current, recommended, 1);
        said = draft.build().getConditions().getFirst().getReason() + " "
                + draft.build().getConditions().getLast().getReason();
        return wanted;
    }

    @Test
    void aHighRecommendationHoldsForFiveMinutes() {
        history.begin(4, START);
        assertThat(at(0, autoscaler(), 4, 2)).isEqualTo(4);
        assertThat(said).isEqualTo("ScaleDownStabilized DesiredWithinRange");
        assertThat(at(301, autoscaler(), 4, 2)).isEqualTo(2);
        assertThat(said).isEqualTo("ReadyForNewScale DesiredWithinRange");
    }

    @Test
    void withoutABehaviorATargetAtMostDoublesAtOnce() {
        assertThat(at(0, autoscaler(), 10, 50)).isEqualTo(20);
        assertThat(said).isEqualTo("ReadyForNewScale ScaleUpLimit");
        assertThat(at(1, autoscaler(), 60, 500)).isEqualTo(100);
        assertThat(said).isEqualTo("ReadyForNewScale TooManyReplicas");
    }

    @Test
    void policiesLimitWhatIsDoneInTheirPeriod() {
        var autoscaler = autoscaler(rules(0, "Max", 4, 100), rules(0, "Max", 1, 10));
        assertThat(at(0, autoscaler, 3, 50)).isEqualTo(7);
        assertThat(said).isEqualTo("ReadyForNewScale ScaleUpLimit");
        history.scaled(3, 7, Duration.ofSeconds(60), START);
        assertThat(at(30, autoscaler, 7, 50)).isEqualTo(7);
        assertThat(at(61, autoscaler, 7, 50)).isEqualTo(14);
    }

    @Test
    void theLeastChangeIsTakenWhereThatIsAskedFor() {
        var autoscaler = autoscaler(rules(0, "Min", 4, 100), rules(0, "Min", 5, 10));
        assertThat(at(0, autoscaler, 3, 50)).isEqualTo(6);
        assertThat(at(1, autoscaler, 20, 1)).isEqualTo(18);
        assertThat(said).isEqualTo("ReadyForNewScale ScaleDownLimit");
    }

    @Test
    void aDisabledDirectionStandsStill() {
        var autoscaler = autoscaler(rules(0, "Disabled", 4, 100), rules(0, "Disabled", 5, 10));
        assertThat(at(0, autoscaler, 3, 50)).isEqualTo(3);
        assertThat(at(1, autoscaler, 3, 1)).isEqualTo(3);
    }

    @Test
    void growthWaitsForItsWindowToo() {
        var autoscaler = autoscaler(rules(60, "Max", 100, 900), rules(60, "Max", 100, 100));
        history.begin(3, START);
        assertThat(at(10, autoscaler, 3, 9)).isEqualTo(3);
        assertThat(said).isEqualTo("ScaleUpStabilized DesiredWithinRange");
        assertThat(at(65, autoscaler, 3, 9)).isEqualTo(9);
    }
}
