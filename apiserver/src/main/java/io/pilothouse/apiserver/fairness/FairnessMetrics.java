package io.pilothouse.apiserver.fairness;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** apiserver_flowcontrol_*, under upstream's names. Safe for use by many threads. */
public final class FairnessMetrics {
    private static final String PREFIX = "apiserver.flowcontrol.";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private record Key(String level, String schema) {}

    private final MeterRegistry meters;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final Map<String, List<Meter>> gauges = new ConcurrentHashMap<>();
    private volatile double fairFraction;

    public FairnessMetrics(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder(PREFIX + "seat.fair.frac", this, m -> m.fairFraction).register(meters);
    }

    /** What is counted of a level and a schema. */
    final class Series {
        private final Tags tags;
        private final Counter dispatched;
        private final Timer waited;
        private final Timer served;

        private Series(Key key) {
            tags = Tags.of("priority_level", key.level(), "flow_schema", key.schema());
            dispatched =
                    Counter.builder(PREFIX + "dispatched.requests").tags(tags).register(meters);
            waited = timer("request.wait.duration").tag("execute", "true").register(meters);
            served = timer("request.execution").tag("type", "regular").register(meters);
        }

        private Timer.Builder timer(String name) {
            return Timer.builder(PREFIX + name).tags(tags).serviceLevelObjectives(BUCKETS);
        }

        void admitted(long waitedNanos, boolean exempt) {
            dispatched.increment();
            if (!exempt) {
                waited.record(waitedNanos, TimeUnit.NANOSECONDS);
            }
        }

        void refused(String reason, long waitedNanos) {
            Counter.builder(PREFIX + "rejected.requests")
                    .tags(tags)
                    .tag("reason", reason)
                    .register(meters)
                    .increment();
            timer("request.wait.duration")
                    .tag("execute", "false")
                    .register(meters)
                    .record(waitedNanos, TimeUnit.NANOSECONDS);
        }

        void served(long nanos) {
            served.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    Series of(String level, String schema) {
        return series.computeIfAbsent(new Key(level, schema), Series::new);
    }

    /** Shows a level's state until it is forgotten. */
    void watch(Level level) {
        var shown = new ArrayList<Meter>();
        gauge(shown, level, "nominal.limit.seats", l -> l.limits().nominal());
        gauge(shown, level, "lower.limit.seats", l -> l.limits().least());
        gauge(shown, level, "upper.limit.seats", l -> l.limits().most());
        gauge(shown, level, "current.limit.seats", l -> l.limits().current());
        gauge(
                shown,
                level,
                "current.executing.requests",
                l -> l.queues().state().executing());
        gauge(shown, level, "current.executing.seats", l -> l.queues().state().seatsInUse());
        gauge(shown, level, "current.inqueue.requests", l -> l.queues().state().waiting());
        gauge(shown, level, "demand.seats.high.watermark", Level::peakDemand);
        gauge(shown, level, "demand.seats.smoothed", Level::smoothedDemand);
        gauges.put(level.spec().name(), List.copyOf(shown));
    }

    private void gauge(List<Meter> shown, Level level, String name, ToDoubleFunction<Level> value) {
        shown.add(Gauge.builder(PREFIX + name, level, value)
                .tag("priority_level", level.spec().name())
                .strongReference(true)
                .register(meters));
    }

    void forget(String level) {
        var shown = gauges.remove(level);
        if (shown != null) {
            shown.forEach(meters::remove);
        }
    }

    void fairFraction(double value) {
        fairFraction = value;
    }
}
