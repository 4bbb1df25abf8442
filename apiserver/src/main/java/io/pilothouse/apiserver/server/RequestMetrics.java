package io.pilothouse.apiserver.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pilothouse.apiserver.request.RequestInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests under upstream's names: apiserver_request_total, apiserver_request_duration_seconds, apiserver_current_inflight_requests,
 * apiserver_longrunning_requests. Safe for use by many threads.
 */
public final class RequestMetrics {
    private static final Duration[] BUCKETS = Arrays.stream(new long[] {
                5, 25, 50, 100, 200, 400, 600, 800, 1000, 1250, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10_000,
                15_000, 20_000, 30_000, 45_000, 60_000
            })
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** What is counted together; a code of 0 is any. */
    private record Series(
            String verb,
            String dryRun,
            String group,
            String version,
            String resource,
            String subresource,
            String scope,
            int code) {
        private Series with(int otherCode) {
            return new Series(verb, dryRun, group, version, resource, subresource, scope, otherCode);
        }

        private Tags tags() {
            return place().and("dry_run", dryRun);
        }

        /** Of a request that was broken off it is not told which part of the server did it. */
        private Tags aborted() {
            return Tags.of(
                    "verb", verb,
                    "group", group,
                    "version", version,
                    "resource", resource,
                    "subresource", subresource,
                    "scope", scope);
        }

        private Tags place() {
            return Tags.of(
                    "verb", verb,
                    "group", group,
                    "version", version,
                    "resource", resource,
                    "subresource", subresource,
                    "scope", scope,
                    "component", "apiserver");
        }
    }

    private final MeterRegistry meters;
    private final AccessMetrics access;
    private final AtomicInteger readOnly = new AtomicInteger();
    private final AtomicInteger mutating = new AtomicInteger();
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Series, AtomicInteger> longRunning = new ConcurrentHashMap<>();

    RequestMetrics(MeterRegistry meters, AccessMetrics access) {
        this.access = access;
        this.meters = meters;
        meters.gauge("apiserver.current.inflight.requests", List.of(Tag.of("request_kind", "readOnly")), readOnly);
        meters.gauge("apiserver.current.inflight.requests", List.of(Tag.of("request_kind", "mutating")), mutating);
    }

    /** Of who is let in and who may. */
    AccessMetrics access() {
        return access;
    }

    /**
     * Notes that a request has begun.
     *
     * @param apply whether it is a patch of server-side apply
     * @param dryRun what its dryRun parameter says
     */
    InFlight begin(RequestInfo info, String method, boolean apply, String dryRun) {
        var series = new Series(
                verb(info, method, apply),
                dryRun.equals("All") ? "All" : "",
                info.group(),
                info.version(),
                info.isResource() ? info.resource() : "",
                info.isResource() ? info.subresource() : healthPath(info.path()),
                scope(info),
                0);
        var gauge = info.longRunning()
                ? longRunning.computeIfAbsent(series, this::longRunningGauge)
                : info.readOnly() ? readOnly : mutating;
        gauge.incrementAndGet();
        return new InFlight(series, info.longRunning(), gauge, System.nanoTime());
    }

    private AtomicInteger longRunningGauge(Series series) {
        var count = new AtomicInteger();
        Gauge.builder("apiserver.longrunning.requests", count, AtomicInteger::get)
                .tags(series.place())
                .register(meters);
        return count;
    }

    private static String verb(RequestInfo info, String method, boolean apply) {
        if (!info.isResource()) {
            return method.toUpperCase(Locale.ROOT);
        }
        return switch (info.verb()) {
            case "create" -> info.longRunning() ? "CONNECT" : "POST";
            case "update" -> "PUT";
            case "patch" -> apply ? "APPLY" : "PATCH";
            case "get" -> info.longRunning() && !info.subresource().equals("log") ? "CONNECT" : "GET";
            default -> info.verb().toUpperCase(Locale.ROOT);
        };
    }

    private static String scope(RequestInfo info) {
        if (!info.isResource()) {
            return "";
        }
        if (!info.name().isEmpty() || info.verb().equals("create")) {
            return "resource";
        }
        return info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    /** Paths are many; those of health checks are told apart. */
    private static String healthPath(String path) {
        return switch (path) {
            case "/healthz", "/livez", "/readyz", "/version", "/metrics" -> path;
            default -> "";
        };
    }

    /** A request under way; closed when it is over. */
    final class InFlight implements AutoCloseable {
        private final Series series;
        private final boolean lasting;
        private final AtomicInteger gauge;
        private final long startNanos;

        private InFlight(Series series, boolean lasting, AtomicInteger gauge, long startNanos) {
            this.series = series;
            this.lasting = lasting;
            this.gauge = gauge;
            this.startNanos = startNanos;
        }

        void end(int code) {
            counters.computeIfAbsent(
                            series.with(code),
                            s -> Counter.builder("apiserver.request")
                                    .tags(s.tags())
                                    .tag("code", Integer.toString(s.code()))
                                    .register(meters))
                    .increment();
            if (!lasting) {
                timers.computeIfAbsent(
                                series,
                                s -> Timer.builder("apiserver.request.duration")
                                        .tags(s.tags())
                                        .serviceLevelObjectives(BUCKETS)
                                        .register(meters))
                        .record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
            }
        }

        /** The request's time was over before it was answered, or with its answer half given. From any thread. */
        void timedOut(boolean brokenOff) {
            Counter.builder("apiserver.request.terminations")
                    .tags(series.place())
                    .tag("code", "504")
                    .register(meters)
                    .increment();
            if (brokenOff) {
                Counter.builder("apiserver.request.aborts")
                        .tags(series.aborted())
                        .register(meters)
                        .increment();
            }
        }

        @Override
        public void close() {
            gauge.decrementAndGet();
        }
    }
}
