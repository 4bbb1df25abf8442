package io.pilothouse.apiserver.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process takes of its machine, under the names that every Prometheus client uses: process_cpu_seconds_total and others. */
final class ProcessMetrics {
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final double PAGE_BYTES = 4096;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private ProcessMetrics() {}

    static void register(MeterRegistry meters) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        gauge(meters, "process.start.time.seconds", () -> runtime.getStartTime() / MILLIS);
        gauge(meters, "process.virtual.memory.bytes", () -> pages(0) * PAGE_BYTES);
        gauge(meters, "process.resident.memory.bytes", () -> pages(1) * PAGE_BYTES);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            gauge(meters, "process.open.fds", () -> (double) system.getOpenFileDescriptorCount());
            gauge(meters, "process.max.fds", () -> (double) system.getMaxFileDescriptorCount());
            FunctionCounter.builder("process.cpu.seconds", system, s -> s.getProcessCpuTime() / NANOS)
                    .register(meters);
        }
    }

    private static void gauge(MeterRegistry meters, String name, java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value).register(meters);
    }

    /** Not a number where the system does not tell. */
    private static double pages(int field) {
        try {
            return Double.parseDouble(Files.readString(MEMORY).strip().split(" ", -1)[field]);
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }
}
