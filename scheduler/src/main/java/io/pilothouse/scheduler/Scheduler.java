package io.pilothouse.scheduler;

import io.pilothouse.controllers.runtime.Component;
import java.io.IOException;
import java.time.Clock;
import java.util.SplittableRandom;

/** The scheduler of a cluster. */
public final class Scheduler {
    private Scheduler() {}

    /**
     * Starts to campaign; returns at once. Without leader election, returns when pods are placed.
     *
     * @throws IllegalArgumentException listing all that is wrong with the options
     * @throws IOException if a file cannot be read
     */
    public static Component start(SchedulerOptions options, Clock clock) throws IOException {
        return Component.start(
                "default-scheduler",
                options.client,
                options.problems(),
                clock,
                context -> new SchedulingLoop(context, new SplittableRandom()));
    }
}
