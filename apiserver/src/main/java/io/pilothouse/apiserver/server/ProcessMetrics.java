package io.pilothouse.apiserver.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;

/** What the process takes of its machine, under the names that every Prometheus client uses: process_cpu_seconds_total and others. */
final class ProcessMetrics {
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String ADDRESS_SPACE = "Max address space";
    private static final double PAGE_BYTES = 4096;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private ProcessMetrics() {}

    static void register(Metrics metrics) {
        gauge(metrics, "start_time_seconds", "Start time of the process since unix epoch in seconds.", startSeconds());
        gauge(metrics, "virtual_memory_bytes", "Virtual memory size in bytes.", () -> pages(0) * PAGE_BYTES);
        gauge(
                metrics,
                "virtual_memory_max_bytes",
                "Maximum amount of virtual memory available in bytes.",
                ProcessMetrics::addressSpace);
        gauge(metrics, "resident_memory_bytes", "Resident memory size in bytes.", () -> pages(1) * PAGE_BYTES);
        gauge(metrics, "open_fds", "Number of open file descriptors.", () -> system().getOpenFileDescriptorCount());
        gauge(
                metrics,
                "max_fds",
                "Maximum number of open file descriptors.",
                () -> system().getMaxFileDescriptorCount());
        metrics.computed(
                "counter",
                "process_cpu_seconds_total",
                Stability.UNSAID,
                "Total user and system CPU time spent in seconds.",
                List.of(),
                told -> told.value(system().getProcessCpuTime() / NANOS));
    }

    /** Not before somebody asks: to make it, all control groups are read. */
    private static UnixOperatingSystemMXBean system() {
        return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }

    /** When the process started, which upstream tells of in every set of series. */
    static void registerStart(Metrics metrics) {
        metrics.gauge(
                "process_start_time_seconds",
                Stability.ALPHA,
                "Start time of the process since unix epoch in seconds.",
                startSeconds());
    }

    static DoubleSupplier startSeconds() {
        double start = ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS;
        return () -> start;
    }

    private static void gauge(Metrics metrics, String name, String help, DoubleSupplier value) {
        metrics.gauge("process_" + name, Stability.UNSAID, help, value);
    }

    /** Not a number where the system does not tell. */
    private static double pages(int field) {
        try {
            return Double.parseDouble(Files.readString(MEMORY).strip().split(" ", -1)[field]);
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** All that can be told in 64 bits where there is no limit. */
    private static double addressSpace() {
        try (var lines = Files.lines(LIMITS)) {
            return lines.filter(line -> line.startsWith(ADDRESS_SPACE))
                    .map(line -> line.substring(ADDRESS_SPACE.length()).strip().split("\\s+", -1)[0])
                    .mapToDouble(soft -> soft.equals("unlimited") ? 0x1p64 : Double.parseDouble(soft))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }
}
