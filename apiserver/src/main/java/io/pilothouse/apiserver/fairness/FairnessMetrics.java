package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Gauge;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** apiserver_flowcontrol_*, under upstream's names. Safe for use by many threads. */
public final class FairnessMetrics {
    private static final String PREFIX = "apiserver_flowcontrol_";
    private static final String LEVEL = "priority_level";
    private static final String SCHEMA = "flow_schema";
    private static final double[] DURATIONS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};
    private static final double[] SEATS = {1, 2, 4, 8, 16, 32, 64, 100};

    private record Key(String level, String schema) {}

    private final Family.Of<Counter> dispatched;
    private final Family.Of<Counter> rejected;
    private final Family.Of<Gauge> waiting;
    private final Family.Of<Gauge> waitingSeats;
    private final Family.Of<Gauge> executing;
    private final Family.Of<Gauge> executingSeats;
    private final Family.Of<Histogram> waits;
    private final Family.Of<Histogram> executions;
    private final Family.Of<Histogram> estimates;
    private final Gauge waitingReads;
    private final Gauge waitingWrites;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final Map<String, Level> levels = new ConcurrentHashMap<>();
    private volatile double fairFraction;

    public FairnessMetrics(Metrics metrics) {
        dispatched = metrics.counters(
                PREFIX + "dispatched_requests_total",
                Stability.BETA,
                "Number of requests executed by API Priority and Fairness subsystem",
                LEVEL,
                SCHEMA);
        rejected = metrics.counters(
                PREFIX + "rejected_requests_total",
                Stability.BETA,
                "Number of requests rejected by API Priority and Fairness subsystem",
                LEVEL,
                SCHEMA,
                "reason");
        waiting = gauges(
                metrics,
                "current_inqueue_requests",
                Stability.BETA,
                "Number of requests currently pending in queues of the API Priority and Fairness subsystem");
        waitingSeats = gauges(
                metrics,
                "current_inqueue_seats",
                Stability.ALPHA,
                "Number of seats currently pending in queues of the API Priority and Fairness subsystem");
        executing = gauges(
                metrics,
                "current_executing_requests",
                Stability.BETA,
                "Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem");
        executingSeats = gauges(
                metrics,
                "current_executing_seats",
                Stability.BETA,
                "Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem");
        waits = metrics.histograms(
                PREFIX + "request_wait_duration_seconds",
                Stability.BETA,
                "Length of time a request spent waiting in its queue",
                DURATIONS,
                LEVEL,
                SCHEMA,
                "execute");
        executions = metrics.histograms(
                PREFIX + "request_execution_seconds",
                Stability.ALPHA,
                "Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the API Priority and Fairness subsystem",
                DURATIONS,
                LEVEL,
                SCHEMA,
                "type");
        estimates = metrics.histograms(
                PREFIX + "work_estimated_seats",
                Stability.ALPHA,
                "Number of estimated seats (maximum of initial and final seats) associated with requests in API Priority and Fairness",
                SEATS,
                LEVEL,
                SCHEMA);
        var kinds = metrics.gauges(
                "apiserver_current_inqueue_requests",
                Stability.ALPHA,
                "Maximal number of queued requests in this apiserver per request kind in last second.",
                "request_kind");
        waitingReads = kinds.of("readOnly");
        waitingWrites = kinds.of("mutating");
        levelGauges(metrics);
    }

    private static Family.Of<Gauge> gauges(Metrics metrics, String name, Stability stability, String help) {
        return metrics.gauges(PREFIX + name, stability, help, LEVEL, SCHEMA);
    }

    private void levelGauges(Metrics metrics) {
        level(
                metrics,
                "nominal_limit_seats",
                Stability.BETA,
                "Nominal number of execution seats configured for each priority level",
                l -> l.limits().nominal());
        level(
                metrics,
                "lower_limit_seats",
                Stability.ALPHA,
                "Configured lower bound on number of execution seats available to each priority level",
                l -> l.limits().least());
        level(
                metrics,
                "upper_limit_seats",
                Stability.ALPHA,
                "Configured upper bound on number of execution seats available to each priority level",
                l -> l.limits().most());
        level(
                metrics,
                "current_limit_seats",
                Stability.ALPHA,
                "current derived number of execution seats available to each priority level",
                l -> l.limits().current());
        level(
                metrics,
                "demand_seats_high_watermark",
                Stability.ALPHA,
                "High watermark, over last adjustment period, of demand_seats",
                Level::peakDemand);
        level(metrics, "demand_seats_smoothed", Stability.ALPHA, "Smoothed seat demands", Level::smoothedDemand);
        metrics.gauge(
                PREFIX + "seat_fair_frac",
                Stability.ALPHA,
                "Fair fraction of server's concurrency to allocate to each priority level that can use it",
                () -> fairFraction);
    }

    private void level(Metrics metrics, String name, Stability stability, String help, ToDoubleFunction<Level> value) {
        metrics.computed(
                "gauge",
                PREFIX + name,
                stability,
                help,
                List.of(LEVEL),
                told -> levels.forEach((named, level) -> told.value(value.applyAsDouble(level), named)));
    }

    /** What is counted of a level and a schema. */
    final class Series {
        private final Key key;
        private final Counter served;
        private final Gauge inQueue;
        private final Gauge inQueueSeats;
        private final Gauge running;
        private final Gauge runningSeats;
        private final Histogram waited;
        private final Histogram waitedInVain;
        private final Histogram lasted;
        private final Histogram estimated;

        private Series(Key key) {
            this.key = key;
            served = dispatched.of(key.level(), key.schema());
            inQueue = waiting.of(key.level(), key.schema());
            inQueueSeats = waitingSeats.of(key.level(), key.schema());
            running = executing.of(key.level(), key.schema());
            runningSeats = executingSeats.of(key.level(), key.schema());
            waited = waits.of(key.level(), key.schema(), "true");
            waitedInVain = waits.of(key.level(), key.schema(), "false");
            lasted = executions.of(key.level(), key.schema(), "regular");
            estimated = estimates.of(key.level(), key.schema());
        }

        /** A request waits. */
        void enqueued(WorkEstimate work, boolean readOnly) {
            inQueue.increment();
            inQueueSeats.add(work.mostSeats());
            (readOnly ? waitingReads : waitingWrites).increment();
        }

        /** It does not wait any more, for whatever reason. */
        void dequeued(WorkEstimate work, boolean readOnly) {
            inQueue.decrement();
            inQueueSeats.add(-work.mostSeats());
            (readOnly ? waitingReads : waitingWrites).decrement();
        }

        void admitted(WorkEstimate work, long waitedNanos, boolean exempt) {
            served.increment();
            running.increment();
            runningSeats.add(work.seats());
            estimated.observe(work.mostSeats());
            if (!exempt) {
                waited.nanos(waitedNanos);
            }
        }

        void refused(String reason, long waitedNanos) {
            rejected.of(key.level(), key.schema(), reason).increment();
            waitedInVain.nanos(waitedNanos);
        }

        void served(WorkEstimate work, long nanos) {
            running.decrement();
            runningSeats.add(-work.seats());
            lasted.nanos(nanos);
        }
    }

    Series of(String level, String schema) {
        return series.computeIfAbsent(new Key(level, schema), Series::new);
    }

    /** Shows a level's state until it is forgotten. */
    void watch(Level level) {
        levels.put(level.spec().name(), level);
    }

    void forget(String level) {
        levels.remove(level);
    }

    void fairFraction(double value) {
        fairFraction = value;
    }
}
