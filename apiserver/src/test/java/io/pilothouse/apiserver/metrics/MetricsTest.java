package io.pilothouse.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void tellsCountersAndGaugesSortedWithTheirStability() {
        var metrics = new Metrics();
        var requests = metrics.counters("b_total", Stability.STABLE, "Counter of \"b\".", "verb", "code");
        requests.of("GET", "200").increment();
        requests.of("GET", "200").increment();
        requests.of("POST", "a\"b\\c").add(3_000_000);
        metrics.gauges("a_now", Stability.ALPHA, "A gauge.").of().set(-7);
        metrics.gauge("c", Stability.UNSAID, "Computed.", () -> 0.25);
        metrics.counters("never", Stability.ALPHA, "Without series.", "x");
        assertThat(metrics.text()).isEqualTo("""
                        # HELP a_now [ALPHA] A gauge.
                        # TYPE a_now gauge
                        a_now -7
                        # HELP b_total [STABLE] Counter of "b".
                        # TYPE b_total counter
                        b_total{code="200",verb="GET"} 2
                        b_total{code="a\\"b\\\\c",verb="POST"} 3e+06
                        # HELP c Computed.
                        # TYPE c gauge
                        c 0.25
                        """);
    }

    @Test
    void tellsDistributionsCumulatively() {
        var metrics = new Metrics();
        var one = metrics.histograms("h_seconds", Stability.BETA, "H.", new double[] {0.005, 1, 1e6}, "x")
                .of("y");
        one.observe(0.005);
        one.nanos(500_000_000);
        one.observe(2e6);
        assertThat(metrics.text()).isEqualTo("""
                        # HELP h_seconds [BETA] H.
                        # TYPE h_seconds histogram
                        h_seconds_bucket{x="y",le="0.005"} 1
                        h_seconds_bucket{x="y",le="1"} 2
                        h_seconds_bucket{x="y",le="1e+06"} 2
                        h_seconds_bucket{x="y",le="+Inf"} 3
                        h_seconds_sum{x="y"} 2.000000505e+06
                        h_seconds_count{x="y"} 3
                        """);
    }

    @Test
    void refusesTwoFamiliesOfOneNameAndOtherLabels() {
        var metrics = new Metrics();
        var family = metrics.counters("a", Stability.ALPHA, "A.", "x");
        assertThatThrownBy(() -> metrics.gauges("a", Stability.ALPHA, "A.")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> family.of("1", "2")).isInstanceOf(IllegalArgumentException.class);
        metrics.computed("gauge", "b", Stability.ALPHA, "B.", List.of("x"), told -> told.value(1));
        assertThatThrownBy(metrics::text).isInstanceOf(IllegalArgumentException.class);
    }
}
