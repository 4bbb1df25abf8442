package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;

/** How long each filter takes a request, under upstream's names of them. */
final class FilterMetrics {
    private static final double[] SECONDS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5, 10, 15, 30};

    final Histogram authentication;
    final Histogram audit;
    final Histogram impersonation;
    final Histogram fairness;
    final Histogram authorization;

    FilterMetrics(Metrics metrics) {
        var family = metrics.histograms(
                "apiserver_request_filter_duration_seconds",
                Stability.ALPHA,
                "Request filter latency distribution in seconds, for each filter type",
                SECONDS,
                "filter");
        authentication = family.of("authentication");
        audit = family.of("audit");
        impersonation = family.of("constrainedimpersonation");
        fairness = family.of("priorityandfairness");
        authorization = family.of("authorization");
    }
}
