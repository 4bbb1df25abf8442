package io.pilothouse.controlplane.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process of this host, told apart from a later one with the same id by its start time.
 *
 * @param startTicks field 22 of /proc/pid/stat
 * @param commandHash of the command line it was started with
 */
public record RunningProcess(long pid, long startTicks, String commandHash) {
    /** The variable by which a process is known again, also when the note about it was lost. */
    static final String MARK = "PILOTHOUSE_PROCESS";

    /** Whether it still runs. */
    public boolean isAlive() {
        return pid > 0 && startTicks(pid) == startTicks;
    }

    /** Asks it to end, and after the grace makes it. Returns when it is gone. */
    public void end(Duration grace) {
        ProcessHandle.of(pid).filter(p -> isAlive()).ifPresent(p -> {
            if (!grace.isZero()) {
                p.destroy();
                if (await(p, grace)) {
                    return;
                }
            }
            if (isAlive()) {
                p.destroyForcibly();
                await(p, Duration.ofSeconds(10));
            }
        });
    }

    private boolean await(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return !isAlive();
        }
    }

    /** The processes that were started with a mark that begins so, oldest id first. */
    static List<RunningProcess> marked(String prefix, boolean whole) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> pid != ProcessHandle.current().pid() && hasMark(pid, prefix, whole))
                    .sorted()
                    .map(pid -> new RunningProcess(pid, startTicks(pid), ""))
                    .filter(RunningProcess::isAlive)
                    .toList();
        }
    }

    private static boolean hasMark(long pid, String prefix, boolean whole) {
        try {
            String all =
                    "\0" + new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8);
            return all.contains("\0" + MARK + "=" + prefix + (whole ? "\0" : ""));
        } catch (IOException e) {
            return false; // gone, or another user's
        }
    }

    /** The start time of a process; 0 when there is none of that id, or only its remains. */
    static long startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") || fields[0].equals("X") ? 0 : Long.parseLong(fields[19]);
        } catch (IOException | IndexOutOfBoundsException e) {
            return 0;
        }
    }
}
