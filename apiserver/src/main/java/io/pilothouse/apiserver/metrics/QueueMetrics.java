package io.pilothouse.apiserver.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What waits for background tasks and how long they work, under upstream's names: workqueue_*. A task is told of under the name that the queue of the
 * same work has upstream; of what has no counterpart there nothing is told. Safe for use by many threads.
 */
public final class QueueMetrics {
    private static final double NANOS = 1e9;
    private static final String NAME = "name";

    private final Map<String, Queue> queues = new ConcurrentSkipListMap<>();
    private final LongSupplier nanos;
    private final Family.Of<Counter> adds;
    private final Family.Of<Counter> retries;
    private final Family.Of<Histogram> waits;
    private final Family.Of<Histogram> works;

    public QueueMetrics(Metrics metrics) {
        this(metrics, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    QueueMetrics(Metrics metrics, LongSupplier nanos) {
        this.nanos = nanos;
        double[] buckets = Buckets.exponential(1e-8, 10, 10);
        adds = metrics.counters(
                "workqueue_adds_total", Stability.BETA, "Total number of adds handled by workqueue", NAME);
        retries = metrics.counters(
                "workqueue_retries_total", Stability.BETA, "Total number of retries handled by workqueue", NAME);
        waits = metrics.histograms(
                "workqueue_queue_duration_seconds",
                Stability.BETA,
                "How long in seconds an item stays in workqueue before being requested.",
                buckets,
                NAME);
        works = metrics.histograms(
                "workqueue_work_duration_seconds",
                Stability.BETA,
                "How long in seconds processing an item from workqueue takes.",
                buckets,
                NAME);
        gauge(metrics, "workqueue_depth", "Current depth of workqueue", Queue::depth);
        gauge(
                metrics,
                "workqueue_unfinished_work_seconds",
                "How many seconds of work has done that is in progress and hasn't been observed by work_duration. Large values indicate stuck"
                        + " threads. One can deduce the number of stuck threads by observing the rate at which this increases.",
                Queue::unfinishedSeconds);
        gauge(
                metrics,
                "workqueue_longest_running_processor_seconds",
                "How many seconds has the longest running processor for workqueue been running.",
                Queue::longestSeconds);
    }

    private void gauge(Metrics metrics, String name, String help, ToDoubleFunction<Queue> value) {
        metrics.computed(
                "gauge",
                name,
                Stability.BETA,
                help,
                List.of(NAME),
                told -> queues.values().forEach(queue -> told.value(value.applyAsDouble(queue), queue.name)));
    }

    /** The queue of that name, told of from now on. */
    public Queue of(String name) {
        return queues.computeIfAbsent(name, Queue::new);
    }

    /** A queue of which nobody is told: upstream does the same work without one. */
    public static Queue untold() {
        return new QueueMetrics(new Metrics()).of("");
    }

    /** What a task has yet to do and is doing, by whatever names its pieces of work; a piece waits at most once. */
    public final class Queue {
        private final String name;
        private final Counter additions;
        private final Counter retried;
        private final Histogram waiting;
        private final Histogram working;
        private final Map<Object, Long> addedAt = new HashMap<>();
        private final Map<Object, Long> begunAt = new HashMap<>();

        private Queue(String name) {
            this.name = name;
            additions = adds.of(name);
            retried = retries.of(name);
            waiting = waits.of(name);
            working = works.of(name);
        }

        /** A piece of work waits; it may be one that is being worked on, and comes again. */
        public synchronized void add(Object piece) {
            if (addedAt.putIfAbsent(piece, nanos.getAsLong()) == null) {
                additions.increment();
            }
        }

        /** The work on a piece begins; one that did not wait for it, because its time had come, is added by that. */
        public synchronized void begin(Object piece) {
            add(piece);
            long now = nanos.getAsLong();
            Long added = addedAt.remove(piece);
            if (added != null) {
                waiting.nanos(now - added);
            }
            begunAt.put(piece, now);
        }

        /** The work on a piece ends, however it went. */
        public synchronized void end(Object piece) {
            Long begun = begunAt.remove(piece);
            if (begun != null) {
                working.nanos(nanos.getAsLong() - begun);
            }
        }

        /** A piece of work is to be tried again after a while. */
        public void retry() {
            retried.increment();
        }

        private synchronized double depth() {
            return addedAt.size();
        }

        private synchronized double unfinishedSeconds() {
            long now = nanos.getAsLong();
            return begunAt.values().stream().mapToLong(begun -> now - begun).sum() / NANOS;
        }

        private synchronized double longestSeconds() {
            long now = nanos.getAsLong();
            return begunAt.values().stream()
                            .mapToLong(begun -> now - begun)
                            .max()
                            .orElse(0)
                    / NANOS;
        }
    }
}
