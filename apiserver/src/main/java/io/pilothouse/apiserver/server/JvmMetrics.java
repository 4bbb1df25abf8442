package io.pilothouse.apiserver.server;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pilothouse.apiserver.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * What the virtual machine does, under Micrometer's names: jvm_memory_used_bytes, jvm_gc_pause_seconds and others, counted from when they are first
 * asked for. Closing it stops listening for collections.
 */
final class JvmMetrics implements AutoCloseable {
    private @Nullable Counted counted;

    private record Counted(PrometheusMeterRegistry registry, JvmGcMetrics collections) {
        static Counted start() {
            var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            var collections = new JvmGcMetrics();
            collections.bindTo(registry);
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ClassLoaderMetrics().bindTo(registry);
            return new Counted(registry, collections);
        }
    }

    JvmMetrics(Metrics metrics) {
        metrics.append(this::scrape);
    }

    private synchronized String scrape() {
        var now = counted;
        if (now == null) {
            now = Counted.start();
            counted = now;
        }
        return now.registry().scrape();
    }

    @Override
    public synchronized void close() {
        if (counted != null) {
            counted.collections().close();
            counted.registry().close();
        }
    }
}
