package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.process.Daemon;
import io.pilothouse.controlplane.process.Supervisor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a cluster's processes, and those anew that are outdated: one after the other, the next when all are healthy again. Which are
 * outdated is known from the processes themselves, so that it goes on over a restart of the region service. Safe for many threads; one at
 * a time for each cluster.
 */
final class RollingStart {
    private static final Logger log = LoggerFactory.getLogger(RollingStart.class);
    /** What does not become healthy for so long may be so because the others are outdated too, as when all certificates have ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supervisor supervisor;
    private final Clock clock;
    private final Map<String, Instant> begun = new ConcurrentHashMap<>();

    RollingStart(Supervisor supervisor, Clock clock) {
        this.supervisor = supervisor;
        this.clock = clock;
    }

    /**
     * Does what can be done now.
     *
     * @return whether none is left that is outdated; else come back soon
     */
    boolean step(String cluster, List<Daemon> daemons, BooleanSupplier healthy) throws IOException {
        Daemon outdated = null;
        int left = 0;
        for (Daemon daemon : daemons) {
            if (!supervisor.isOutdated(daemon)) {
                supervisor.ensure(daemon);
            } else {
                outdated = outdated == null ? daemon : outdated;
                left++;
            }
        }
        if (outdated == null) {
            begun.remove(cluster);
            return true;
        }
        Instant now = clock.instant();
        Instant waiting = begun.putIfAbsent(cluster, now);
        boolean late = waiting != null && !now.isBefore(waiting.plus(PATIENCE));
        if (late || healthy.getAsBoolean()) {
            log.atInfo()
                    .addKeyValue("process", outdated.id())
                    .addKeyValue("left", left - 1)
                    .addKeyValue("late", late)
                    .log("rolling on");
            supervisor.ensure(outdated);
            begun.put(cluster, now);
        }
        return left == 1 && !supervisor.isOutdated(outdated);
    }
}
