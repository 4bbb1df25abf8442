package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.custom.DynamicResources;
import io.pilothouse.apiserver.fairness.Fairness;
import io.pilothouse.apiserver.fairness.FairnessController;
import io.pilothouse.apiserver.fairness.FairnessMetrics;
import io.pilothouse.apiserver.fairness.InFlightLimiter;
import io.pilothouse.apiserver.fairness.Limiter;
import io.pilothouse.apiserver.fairness.WatchCounts;
import io.pilothouse.apiserver.fairness.WorkEstimator;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.meta.GroupVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How much the server does at once.
 *
 * @param fairness empty where {@code --enable-priority-and-fairness=false}
 */
record Capacity(Limiter limiter, WatchCounts watches, Optional<Fairness> fairness, ScheduledExecutorService timer) {
    private static final int SAMPLE = 3;

    /** A request may wait for a part of the time that it may take. */
    private static final int PATIENCE_PART = 4;

    static Capacity of(ApiServerOptions options, ObjectCache cache, DynamicResources resources, Metrics metrics) {
        var watches = new WatchCounts();
        var timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("seats-", 0).factory());
        if (!options.priorityAndFairness) {
            return new Capacity(
                    new InFlightLimiter(options.maxRequests, options.maxMutatingRequests),
                    watches,
                    Optional.empty(),
                    timer);
        }
        var fairness = new Fairness(
                options.maxRequests + options.maxMutatingRequests,
                // not by Duration's own division: that starts with powers of ten of BigDecimal
                Duration.ofNanos(Durations.parse(options.requestTimeout).toNanos() / PATIENCE_PART),
                new WorkEstimator(info -> size(cache, resources, info), watches),
                new FairnessMetrics(metrics),
                System::nanoTime,
                timer);
        return new Capacity(fairness, watches, Optional.of(fairness), timer);
    }

    private static WorkEstimator.Size size(ObjectCache cache, DynamicResources resources, RequestInfo info) {
        var definition = resources.find(new GroupVersion(info.group(), info.version()), info.resource());
        if (definition.isEmpty() || !definition.get().stored()) {
            return WorkEstimator.Size.UNKNOWN;
        }
        var state = cache.current();
        String prefix = definition.get().namespaceKey(info.namespace());
        int count = state.count(prefix);
        if (count <= 1) {
            return WorkEstimator.Size.UNKNOWN;
        }
        long[] seen = new long[2];
        state.scan(prefix, prefix, (key, object) -> {
            seen[0]++;
            seen[1] += object.tail().length;
            return seen[0] < SAMPLE;
        });
        return new WorkEstimator.Size(count, seen[0] == 0 ? 0 : seen[1] / seen[0]);
    }

    /** Follows the objects that say how to share the capacity; the cache must be filled. */
    List<AutoCloseable> follow(ObjectCache cache) {
        return fairness.<List<AutoCloseable>>map(f -> List.of(FairnessController.start(f, cache), timer))
                .orElseGet(() -> List.of(timer));
    }
}
