package io.pilothouse.worker.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** /metrics/resource: the machine's use of memory and processor, in Prometheus' text form. */
final class Metrics {
    private static final double TICKS_PER_SECOND = 100;

    private Metrics() {}

    static String resource(int pods, Clock clock) throws IOException {
        long total = 0;
        long available = 0;
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            long bytes = line.endsWith("kB") ? Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 : 0;
            total = line.startsWith("MemTotal:") ? bytes : total;
            available = line.startsWith("MemAvailable:") ? bytes : available;
        }
        String[] cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+", -1);
        double busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(cpu[i]) / TICKS_PER_SECOND;
        }
        long now = clock.millis();
        return "# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total " + busy + " " + now
                + "\n# TYPE node_memory_working_set_bytes gauge\nnode_memory_working_set_bytes " + (total - available)
                + " " + now
                + "\n# TYPE kubelet_running_pods gauge\nkubelet_running_pods " + pods
                + "\n# TYPE scrape_error gauge\nscrape_error 0\n";
    }
}
