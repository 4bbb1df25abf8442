package io.pilothouse.apiserver.audit;

import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;

/** apiserver_audit_*, under upstream's names. Safe for use by many threads. */
public final class AuditMetrics {
    private final Counter events;
    private final Family.Of<Counter> errors;
    private final Family.Of<Counter> levels;
    private final Counter rejections;

    public AuditMetrics(Metrics metrics) {
        events = metrics.counter(
                "apiserver_audit_event_total",
                Stability.ALPHA,
                "Counter of audit events generated and sent to the audit backend.");
        errors = metrics.counters(
                "apiserver_audit_error_total",
                Stability.ALPHA,
                "Counter of audit events that failed to be audited properly. Plugin identifies the plugin affected by the error.",
                "plugin");
        levels = metrics.counters(
                "apiserver_audit_level_total",
                Stability.ALPHA,
                "Counter of policy levels for audit events (1 per request).",
                "level");
        rejections = metrics.counter(
                "apiserver_audit_requests_rejected_total",
                Stability.ALPHA,
                "Counter of apiserver requests rejected due to an error in audit logging backend.");
    }

    void event() {
        events.increment();
    }

    /**
     * Events are lost.
     *
     * @param plugin upstream's name of the part that lost them
     */
    void lost(String plugin, int count) {
        errors.of(plugin).add(count);
    }

    /** A request is told of as much as that. */
    void level(Level level) {
        levels.of(level.text()).increment();
    }

    /** A request is refused because it could not be told of. */
    void rejected() {
        rejections.increment();
    }
}
