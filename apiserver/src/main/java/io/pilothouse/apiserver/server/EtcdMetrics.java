package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.storage.StorageException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Times what is asked of etcd, under upstream's names: etcd_request*. Safe for use by many threads. */
final class EtcdMetrics {
    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final String[] LABELS = {"operation", "group", "resource"};

    private record Key(String operation, GroupResource resource) {}

    private record Series(Histogram durations, Counter requests, Counter errors) {}

    private final Family.Of<Histogram> durations;
    private final Family.Of<Counter> requests;
    private final Family.Of<Counter> errors;
    private final Function<String, GroupResource> owner;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();

    /** @param owner whose a key is */
    EtcdMetrics(Metrics metrics, Function<String, GroupResource> owner) {
        this.owner = owner;
        durations = metrics.histograms(
                "etcd_request_duration_seconds",
                Stability.ALPHA,
                "Etcd request latency in seconds for each operation and object type.",
                SECONDS,
                LABELS);
        requests = metrics.counters(
                "etcd_requests_total",
                Stability.ALPHA,
                "Etcd request counts for each operation and object type.",
                LABELS);
        errors = metrics.counters(
                "etcd_request_errors_total",
                Stability.ALPHA,
                "Etcd failed request counts for each operation and object type.",
                LABELS);
    }

    /** Does what is asked of a key, or of the keys that begin with it. */
    <T> T timed(String operation, String key, Supplier<T> request) {
        long start = System.nanoTime();
        boolean failed = true;
        try {
            T answer = request.get();
            failed = false;
            return answer;
        } catch (StorageException.KeyExists | StorageException.KeyNotFound | StorageException.RevisionConflict e) {
            failed = false; // etcd has answered
            throw e;
        } finally {
            note(operation, key, System.nanoTime() - start, failed);
        }
    }

    private void note(String operation, String key, long nanos, boolean failed) {
        var one = series.computeIfAbsent(new Key(operation, owner.apply(key)), this::make);
        one.durations().nanos(nanos);
        one.requests().increment();
        if (failed) {
            one.errors().increment();
        }
    }

    private Series make(Key key) {
        String group = key.resource().group();
        String resource = key.resource().resource();
        return new Series(
                durations.of(key.operation(), group, resource),
                requests.of(key.operation(), group, resource),
                errors.of(key.operation(), group, resource));
    }
}
