package io.pilothouse.apiserver.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pilothouse.apiserver.request.RequestInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts requests under upstream's names: apiserver_request_total, apiserver_request_duration_seconds, apiserver_current_inflight_requests. */
public final class RequestMetrics {
    private record Series(
            String verb, String group, String version, String resource, String subresource, String scope, int code) {}

    private final MeterRegistry meters;
    private final AtomicInteger readOnly = new AtomicInteger();
    private final AtomicInteger mutating = new AtomicInteger();
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    public RequestMetrics(MeterRegistry meters) {
        this.meters = meters;
        meters.gauge("apiserver.current.inflight.requests", List.of(Tag.of("request_kind", "readOnly")), readOnly);
        meters.gauge("apiserver.current.inflight.requests", List.of(Tag.of("request_kind", "mutating")), mutating);
    }

    /** Notes that a request has begun. */
    InFlight begin(RequestInfo info) {
        var gauge = info.readOnly() ? readOnly : mutating;
        gauge.incrementAndGet();
        return new InFlight(info, gauge, System.nanoTime());
    }

    /** A request under way; closed when it is over. */
    final class InFlight implements AutoCloseable {
        private final RequestInfo info;
        private final AtomicInteger gauge;
        private final long startNanos;

        private InFlight(RequestInfo info, AtomicInteger gauge, long startNanos) {
            this.info = info;
            this.gauge = gauge;
            this.startNanos = startNanos;
        }

        void end(int code) {
            String verb = info.verb().equals("deletecollection")
                    ? "DELETECOLLECTION"
                    : info.verb().toUpperCase(Locale.ROOT);
            String scope = !info.isResource()
                    ? ""
                    : !info.parts().isEmpty() && info.parts().size() > 1
                            ? "resource"
                            : info.namespace().isEmpty() ? "cluster" : "namespace";
            var series = new Series(
                    verb,
                    info.group(),
                    info.version(),
                    info.isResource() ? info.resource() : "",
                    info.subresource(),
                    scope,
                    code);
            counters.computeIfAbsent(
                            series,
                            s -> Counter.builder("apiserver.request")
                                    .tags(tags(s))
                                    .tag("code", Integer.toString(s.code()))
                                    .register(meters))
                    .increment();
            if (!info.longRunning()) {
                timers.computeIfAbsent(
                                new Series(
                                        verb,
                                        info.group(),
                                        info.version(),
                                        series.resource(),
                                        info.subresource(),
                                        scope,
                                        0),
                                s -> Timer.builder("apiserver.request.duration")
                                        .tags(tags(s))
                                        .publishPercentileHistogram(false)
                                        .serviceLevelObjectives(
                                                Duration.ofMillis(5),
                                                Duration.ofMillis(25),
                                                Duration.ofMillis(100),
                                                Duration.ofMillis(500),
                                                Duration.ofSeconds(1),
                                                Duration.ofSeconds(5),
                                                Duration.ofSeconds(30))
                                        .register(meters))
                        .record(Duration.ofNanos(System.nanoTime() - startNanos));
            }
        }

        private Tags tags(Series s) {
            return Tags.of(
                    "verb",
                    s.verb(),
                    "group",
                    s.group(),
                    "version",
                    s.version(),
                    "resource",
                    s.resource(),
                    "subresource",
                    s.subresource(),
                    "scope",
                    s.scope());
        }

        @Override
        public void close() {
            gauge.decrementAndGet();
        }
    }
}
