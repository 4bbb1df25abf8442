package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.metrics.Buckets;
import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import io.pilothouse.apiserver.request.RequestInfo;

/** What watchers are sent, under upstream's names: apiserver_watch_events_*. Safe for use by many threads. */
public final class WatchMetrics {
    private final Family.Of<Counter> events;
    private final Family.Of<Histogram> sizes;

    public WatchMetrics(Metrics metrics) {
        events = metrics.counters(
                "apiserver_watch_events_total",
                Stability.ALPHA,
                "Number of events sent in watch clients",
                "group",
                "version",
                "resource");
        sizes = metrics.histograms(
                "apiserver_watch_events_sizes",
                Stability.ALPHA,
                "Watch event size distribution in bytes",
                Buckets.exponential(1024, 2, 8),
                "group",
                "version",
                "resource");
    }

    /** What one watch is counted with. */
    record Watch(Counter events, Histogram sizes) {
        void sent(byte[]... pieces) {
            long size = 0;
            for (byte[] piece : pieces) {
                size += piece.length;
            }
            sent(size);
        }

        void sent(long size) {
            events.increment();
            sizes.observe((double) size);
        }
    }

    Watch of(RequestInfo info) {
        return new Watch(
                events.of(info.group(), info.version(), info.resource()),
                sizes.of(info.group(), info.version(), info.resource()));
    }
}
