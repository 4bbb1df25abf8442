package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.metrics.Buckets;
import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Gauge;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import io.pilothouse.apiserver.request.RequestInfo;
import java.util.Arrays;
import java.util.List;

/** The families of series that requests are counted in, under upstream's names. */
final class RequestFamilies {
    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final String[] PLACE = {"verb", "group", "version", "resource", "subresource", "scope", "component"};
    private static final String[] DRY_PLACE = {
        "verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component"
    };

    private final Family.Of<Counter> counts;
    private final Family.Of<Histogram> durations;
    private final Family.Of<Histogram> ownDurations;
    private final Family.Of<Histogram> sizes;
    private final Family.Of<Gauge> lasting;
    private final Family.Of<Counter> terminations;
    private final Family.Of<Counter> aborts;
    private final Family.Of<Counter> late;
    private final Family.Of<Gauge> deprecated;

    RequestFamilies(Metrics metrics, Watermark readOnly, Watermark mutating) {
        counts = metrics.counters(
                "apiserver_request_total",
                Stability.STABLE,
                "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
                with(DRY_PLACE, "code"));
        durations = metrics.histograms(
                "apiserver_request_duration_seconds",
                Stability.STABLE,
                "Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.",
                SECONDS,
                DRY_PLACE);
        ownDurations = metrics.histograms(
                "apiserver_request_sli_duration_seconds",
                Stability.ALPHA,
                "Response latency distribution (not counting webhook duration and priority & fairness queue wait times) in seconds for each verb, group, version, resource, subresource, scope and component.",
                Arrays.copyOfRange(SECONDS, 2, SECONDS.length),
                PLACE);
        sizes = metrics.histograms(
                "apiserver_response_sizes",
                Stability.STABLE,
                "Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.",
                Buckets.exponential(1000, 10, 7),
                PLACE);
        lasting = metrics.gauges(
                "apiserver_longrunning_requests",
                Stability.STABLE,
                "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.",
                PLACE);
        terminations = metrics.counters(
                "apiserver_request_terminations_total",
                Stability.ALPHA,
                "Number of requests which apiserver terminated in self-defense.",
                with(PLACE, "code"));
        aborts = metrics.counters(
                "apiserver_request_aborts_total",
                Stability.ALPHA,
                "Number of requests which apiserver aborted possibly due to a timeout, for each group, version, verb, resource, subresource and scope",
                Arrays.copyOf(PLACE, PLACE.length - 1));
        late = metrics.counters(
                "apiserver_request_post_timeout_total",
                Stability.ALPHA,
                "Tracks the activity of the request handlers after the associated requests have been timed out by the apiserver",
                "source",
                "status");
        deprecated = metrics.gauges(
                "apiserver_requested_deprecated_apis",
                Stability.STABLE,
                "Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.",
                "group",
                "version",
                "resource",
                "subresource",
                "removed_release");
        metrics.computed(
                "gauge",
                "apiserver_current_inflight_requests",
                Stability.STABLE,
                "Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
                List.of("request_kind"),
                told -> {
                    told.value(readOnly.most(), "readOnly");
                    told.value(mutating.most(), "mutating");
                });
    }

    private static String[] with(String[] labels, String... more) {
        String[] all = Arrays.copyOf(labels, labels.length + more.length);
        System.arraycopy(more, 0, all, labels.length, more.length);
        return all;
    }

    Family.Of<Histogram> durations() {
        return durations;
    }

    Family.Of<Histogram> ownDurations() {
        return ownDurations;
    }

    Family.Of<Histogram> sizes() {
        return sizes;
    }

    Family.Of<Gauge> lasting() {
        return lasting;
    }

    Counter counts(RequestSeries.Place place, int code) {
        return counts.of(with(place.named(true, true), Integer.toString(code)));
    }

    Counter terminations(RequestSeries.Place place, int code) {
        return terminations.of(with(place.named(false, true), Integer.toString(code)));
    }

    Counter aborts(RequestSeries.Place place) {
        return aborts.of(place.named(false, false));
    }

    /** The work for a request ended after its time was over. */
    void late() {
        late.of("timeout-handler", "ok").increment();
    }

    void deprecated(RequestInfo info) {
        deprecated
                .of(info.group(), info.version(), info.resource(), info.subresource(), "")
                .set(1);
    }
}
