package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Gauge;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;

/** What /metrics/slis tells: how health checks came out. */
final class HealthMetrics {
    private final Metrics metrics = new Metrics();
    private final Family.Of<Gauge> last = metrics.gauges(
            "kubernetes_healthcheck",
            Stability.STABLE,
            "This metric records the result of a single healthcheck.",
            "name",
            "type");
    private final Family.Of<Counter> counts = metrics.counters(
            "kubernetes_healthchecks_total",
            Stability.STABLE,
            "This metric records the results of all healthcheck.",
            "name",
            "type",
            "status");

    HealthMetrics() {
        ProcessMetrics.registerStart(metrics);
    }

    /** A check of one of the paths came out. */
    void observe(String check, String type, boolean well) {
        last.of(check, type).set(well ? 1 : 0);
        counts.of(check, type, well ? "success" : "error").increment();
    }

    Metrics metrics() {
        return metrics;
    }
}
