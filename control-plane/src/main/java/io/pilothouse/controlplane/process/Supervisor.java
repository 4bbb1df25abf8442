package io.pilothouse.controlplane.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps processes running: starts them, finds those that an earlier supervisor started, and starts those again that died, with a growing
 * pause. The processes live on when it is closed or killed. Safe for many threads.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final long LOG_EVERY_ROUNDS = 50;
    private final Map<String, Keeper> keepers = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts to look after what it will be given. */
    public Supervisor() {
        thread = Thread.ofPlatform().daemon().name("supervisor").start(this::run);
    }

    /** Has it run from now on; a process that is outdated is ended first. Does nothing when all is as wanted. */
    public void ensure(Daemon daemon) throws IOException {
        Keeper keeper = keepers.computeIfAbsent(daemon.id(), id -> new Keeper());
        keeper.want(daemon);
    }

    /** Whether the process runs with another command, or with files that it reads at its start as they were before; {@link #ensure} would end it. */
    public boolean isOutdated(Daemon daemon) throws IOException {
        return keepers.computeIfAbsent(daemon.id(), id -> new Keeper()).isOutdated(daemon);
    }

    /** Whether that process runs now. */
    public boolean isRunning(String id) {
        Keeper keeper = keepers.get(id);
        return keeper != null && keeper.isRunning();
    }

    /** Ends a process for good; returns when it is gone. */
    public void stop(String id, Path directory, Duration grace) throws IOException {
        Keeper keeper = keepers.computeIfAbsent(id, i -> new Keeper());
        keeper.stop(directory.toAbsolutePath(), grace);
        keepers.remove(id);
    }

    /** Ends and starts it again, as an operator would. */
    public void restart(String id, Duration grace) {
        Keeper keeper = keepers.get(id);
        if (keeper != null) {
            keeper.end(grace);
        }
    }

    /** Ends all processes whose directory is below that one, also those that nobody keeps any more. */
    public static void endAllBelow(Path directory, Duration grace) {
        List<RunningProcess> found =
                RunningProcess.marked(directory.toAbsolutePath().toString() + "/", false);
        found.parallelStream().forEach(p -> p.end(grace));
        RunningProcess.marked(directory.toAbsolutePath().toString() + "/", false)
                .forEach(p -> p.end(Duration.ZERO));
    }

    private void run() {
        for (long round = 1; !closed; round++) {
            boolean logs = round % LOG_EVERY_ROUNDS == 0;
            keepers.forEach((id, keeper) -> {
                try {
                    keeper.check();
                    if (logs) {
                        keeper.boundLog();
                    }
                } catch (IOException | RuntimeException e) {
                    log.atError()
                            .setCause(e)
                            .addKeyValue("process", id)
                            .log("process can't be looked after; tries again");
                }
            });
            try {
                Thread.sleep(PERIOD);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Stops looking after them. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
