package io.pilothouse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has used, by Linux's /proc. */
record ProcessMeter(long pid) {
    /** Linux tells times in hundredths of a second to programs, whatever the kernel counts in. */
    private static final double TICKS_A_MILLI = 0.1;

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** User and system time since its start, in milliseconds; good to 10 ms. */
    double cpuMillis() {
        String stat = read("stat");
        // The second field is the program's name in parentheses, and may hold anything.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_A_MILLI;
    }

    /** Resident memory in MiB. */
    double residentMib() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("process " + pid + " has no VmRSS"));
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
