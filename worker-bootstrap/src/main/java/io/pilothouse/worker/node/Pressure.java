package io.pilothouse.worker.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a machine runs short of, so that it should get no more pods. Instances of the embedded cloud share their host's disk, so a full one means
 * less than 100 MiB and not a tenth, as it does on a kubelet's own machine.
 */
public record Pressure(boolean memory, boolean disk, boolean processes) {
    private static final long LEAST_MEMORY_KIB = 100 << 10;
    private static final long LEAST_DISK_BYTES = 100L << 20;
    private static final double MOST_PROCESSES = 0.95;

    /** As it is now. */
    public static Pressure now(Path files) throws IOException {
        long available = Long.MAX_VALUE;
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                available = Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        long most = mostProcesses();
        long running;
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            running = all.filter(
                            p -> Character.isDigit(p.getFileName().toString().charAt(0)))
                    .count();
        }
        return new Pressure(
                available < LEAST_MEMORY_KIB,
                Files.getFileStore(files).getUsableSpace() < LEAST_DISK_BYTES,
                running > most * MOST_PROCESSES);
    }

    /** How many processes the kernel allows at once. */
    static long mostProcesses() throws IOException {
        return Long.parseLong(SystemFile.read(Path.of("/proc/sys/kernel/pid_max")));
    }
}
