package io.pilothouse.apiserver.admission;

import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** How long admission takes and what it refuses, under upstream's names: apiserver_admission_*. Safe for use by many threads. */
public final class AdmissionMetrics {
    private static final String PREFIX = "apiserver_admission_";
    private static final String[] LABELS = {"name", "type", "operation", "rejected"};
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};
    private static final double[] HOOK_SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};
    private static final int GREATEST_CODE = 600;

    /** What a webhook's failure is counted as. */
    public enum Refusal {
        CALL("calling_webhook_error"),
        SERVER("apiserver_internal_error"),
        ANSWER("no_error");

        private final String text;

        Refusal(String text) {
            this.text = text;
        }
    }

    private record Key(String name, String type, String operation, boolean rejected) {}

    private final ClientMetrics clients;
    private final Family.Of<Histogram> steps;
    private final Family.Of<Histogram> plugins;
    private final Family.Of<Histogram> hooks;
    private final Family.Of<Counter> hookRequests;
    private final Family.Of<Counter> hookRejections;
    private final Family.Of<Counter> hookFailOpens;
    private final Map<Key, Histogram> stepSeries = new ConcurrentHashMap<>();
    private final Map<Key, Histogram> pluginSeries = new ConcurrentHashMap<>();

    /** @param clients what is asked of webhooks */
    public AdmissionMetrics(Metrics metrics, ClientMetrics clients) {
        this.clients = clients;
        steps = metrics.histograms(
                PREFIX + "step_admission_duration_seconds",
                Stability.STABLE,
                "Admission sub-step latency histogram in seconds, broken out for each operation and API resource and step type (validate or admit).",
                SECONDS,
                "type",
                "operation",
                "rejected");
        plugins = metrics.histograms(
                PREFIX + "controller_admission_duration_seconds",
                Stability.STABLE,
                "Admission controller latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).",
                SECONDS,
                LABELS);
        hooks = metrics.histograms(
                PREFIX + "webhook_admission_duration_seconds",
                Stability.STABLE,
                "Admission webhook latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).",
                HOOK_SECONDS,
                LABELS);
        hookRequests = metrics.counters(
                PREFIX + "webhook_request_total",
                Stability.ALPHA,
                "Admission webhook request total, identified by name and broken out for each admission type (validating or admit) and operation. Additional labels specify whether the request was rejected or not and an HTTP status code. Codes greater than 600 are truncated to 600, to keep the metrics cardinality bounded.",
                "name",
                "type",
                "operation",
                "code",
                "rejected");
        hookRejections = metrics.counters(
                PREFIX + "webhook_rejection_count",
                Stability.ALPHA,
                "Admission webhook rejection count, identified by name and broken out for each admission type (validating or admit) and operation. Additional labels specify an error type (calling_webhook_error or apiserver_internal_error if an error occurred; no_error otherwise) and optionally a non-zero rejection code if the webhook rejects the request with an HTTP status code (honored by the apiserver when the code is greater or equal to 400). Codes greater than 600 are truncated to 600, to keep the metrics cardinality bounded.",
                "name",
                "type",
                "operation",
                "error_type",
                "rejection_code");
        hookFailOpens = metrics.counters(
                PREFIX + "webhook_fail_open_count",
                Stability.ALPHA,
                "Admission webhook fail open count, identified by name and broken out for each admission type (validating or admit).",
                "name",
                "type");
    }

    /** Where calls are counted. */
    public ClientMetrics clients() {
        return clients;
    }

    /** Times a whole step. */
    void step(String type, AdmissionRequest request, Consumer<AdmissionRequest> work) {
        timed(stepSeries, "", type, request, work);
    }

    /** Times a plugin. */
    void plugin(String name, String type, AdmissionRequest request, Consumer<AdmissionRequest> work) {
        timed(pluginSeries, name, type, request, work);
    }

    private void timed(
            Map<Key, Histogram> series,
            String name,
            String type,
            AdmissionRequest request,
            Consumer<AdmissionRequest> work) {
        long start = System.nanoTime();
        boolean rejected = true;
        try {
            work.accept(request);
            rejected = false;
        } finally {
            series.computeIfAbsent(new Key(name, type, request.operation(), rejected), this::make)
                    .since(start);
        }
    }

    private Histogram make(Key key) {
        String rejected = Boolean.toString(key.rejected());
        return key.name().isEmpty()
                ? steps.of(key.type(), key.operation(), rejected)
                : plugins.of(key.name(), key.type(), key.operation(), rejected);
    }

    /** A webhook was asked. */
    public void hook(String name, String type, String operation, int code, boolean rejected, long startNanos) {
        String told = Boolean.toString(rejected);
        hooks.of(name, type, operation, told).since(startNanos);
        hookRequests.of(name, type, operation, bounded(code), told).increment();
    }

    /** A request was refused because of a webhook. */
    public void hookRejected(String name, String type, String operation, Refusal why, int code) {
        hookRejections.of(name, type, operation, why.text, bounded(code)).increment();
    }

    /** A webhook failed, and was passed over. */
    public void hookPassedOver(String name, String type) {
        hookFailOpens.of(name, type).increment();
    }

    private static String bounded(int code) {
        return Integer.toString(Math.min(code, GREATEST_CODE));
    }
}
