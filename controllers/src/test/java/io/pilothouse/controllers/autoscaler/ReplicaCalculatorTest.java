package io.pilothouse.controllers.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplicaCalculatorTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Map<String, Long> REQUESTS = Map.of("a", 100L, "b", 100L, "c", 100L);

    private static Pod pod(String name, String phase, String ready, Instant started, Instant changed) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .withStartTime(started.toString())
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .withLastTransitionTime(changed.toString())
                .endCondition()
                .endStatus()
                .build();
    }

    private static Pod old(String name) {
        return pod(name, "Running", "True", NOW.minusSeconds(3600), NOW.minusSeconds(3500));
    }

    private static Sample used(long milli) {
        return new Sample(NOW.minusSeconds(10), Duration.ofSeconds(30), milli);
    }

    private static ReplicaCalculator calculator(Pod... pods) {
        return new ReplicaCalculator(
                List.of(pods),
                new PodGroups.Periods(Duration.ofMinutes(5), Duration.ofSeconds(30)),
                new Tolerances(0.1, 0.1),
                NOW);
    }

    private static int utilization(ReplicaCalculator calculator, int current, Map<String, Sample> samples)
            throws MetricException {
        return calculator
                .utilization(current, 50, true, samples, () -> REQUESTS)
                .replicas();
    }

    @Test
    void growsWithTheRatioOfUsageToTarget() throws MetricException {
        var calculator = calculator(old("a"), old("b"));
        var found = calculator.utilization(2, 50, true, Map.of("a", used(80), "b", used(100)), () -> REQUESTS);
        assertThat(found).isEqualTo(new ReplicaCalculator.Calculated(4, 90, 90));
    }

    @Test
    void doesNothingWithinTheTolerance() throws MetricException {
        var calculator = calculator(old("a"), old("b"));
        assertThat(utilization(calculator, 2, Map.of("a", used(54), "b", used(54))))
                .isEqualTo(2);
        assertThat(utilization(calculator, 2, Map.of("a", used(46), "b", used(46))))
                .isEqualTo(2);
    }

    @Test
    void aPodWithoutASampleHoldsBackBothWays() throws MetricException {
        var calculator = calculator(old("a"), old("b"), old("c"));
        // Up: the missing one counts as 0, so that 120 of 100 a pod becomes 80.
        assertThat(utilization(calculator, 3, Map.of("a", used(120), "b", used(120))))
                .isEqualTo(5);
        // Down: it counts as all that it requests.
        assertThat(utilization(calculator, 3, Map.of("a", used(10), "b", used(10))))
                .isEqualTo(3);
    }

    @Test
    void aPodThatStartsDoesNotCount() throws MetricException {
        var starting = pod("b", "Running", "False", NOW.minusSeconds(20), NOW.minusSeconds(20));
        var pending = pod("c", "Pending", "False", NOW, NOW);
        var calculator = calculator(old("a"), starting, pending);
        // 300 % of the target for one, and nothing assumed for the other two: no change.
        assertThat(utilization(calculator, 3, Map.of("a", used(150), "b", used(900))))
                .isEqualTo(3);
        assertThatThrownBy(() -> utilization(calculator(starting), 1, Map.of("b", used(900))))
                .hasMessage("did not receive metrics for targeted pods (pods might be unready)");
    }

    @Test
    void readinessIsOfTheProcessorAlone() throws MetricException {
        var starting = pod("a", "Running", "False", NOW.minusSeconds(20), NOW.minusSeconds(20));
        assertThat(calculator(starting)
                        .average(1, 50, false, Map.of("a", used(150)))
                        .replicas())
                .isEqualTo(3);
    }

    @Test
    void oneValueForAllIsHeldAgainstReadyPods() throws MetricException {
        assertThat(calculator(old("a"), old("b")).value(2, 100, 250).replicas()).isEqualTo(5);
        assertThat(calculator().value(0, 100, 250).replicas()).isEqualTo(3);
        assertThatThrownBy(() -> calculator().value(1, 100, 250))
                .hasMessage(
                        "unable to calculate ready pods: no pods returned by selector while calculating replica count");
    }

    @Test
    void oneValueIsShared() {
        var calculator = calculator();
        assertThat(calculator.share(2, 10_000, 37_000)).isEqualTo(new ReplicaCalculator.Calculated(4, 0, 18_500));
        assertThat(calculator.share(4, 10_000, 37_000).replicas()).isEqualTo(4);
    }

    @Test
    void windowsAreReadAsGoWritesThem() {
        assertThat(GoDuration.parse("15.021s")).isEqualTo(Duration.ofMillis(15_021));
        assertThat(GoDuration.parse("1m0s")).isEqualTo(Duration.ofMinutes(1));
        assertThat(GoDuration.parse("1m0.5s")).isEqualTo(Duration.ofMillis(60_500));
        assertThat(GoDuration.parse("")).isZero();
    }
}
