package io.pilothouse.controllers.cronjob;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a schedule asks for now, as upstream reckons it.
 *
 * @param due the last time that has come since the earliest that counts; empty if none has
 * @param missed whether so many came that something seems wrong
 */
record DueTime(Optional<Instant> due, boolean missed) {
    private static final long MANY = 100;

    /** The last time of a schedule after {@code earliest} and not after {@code now}. */
    static DueTime of(CronSchedule schedule, Instant earliest, Instant now) {
        Optional<Instant> first = schedule.next(earliest);
        if (first.isEmpty() || first.get().isAfter(now)) {
            return new DueTime(Optional.empty(), false);
        }
        Optional<Instant> second = schedule.next(first.get());
        if (second.isEmpty() || second.get().isAfter(now)) {
            return new DueTime(first, false);
        }
        long between = Math.max(1, Duration.between(first.get(), second.get()).toSeconds());
        long count = Duration.between(first.get(), now).toSeconds() / between + 1;
        // Not from the first on: a schedule of every minute may have been suspended for a year.
        Instant last = first.get();
        Instant from = first.get().plusSeconds(Math.max(0, count - 2) * between);
        for (var next = schedule.next(from);
                next.isPresent() && !next.get().isAfter(now);
                next = schedule.next(next.get())) {
            last = next.get();
        }
        return new DueTime(Optional.of(last), count > MANY);
    }
}
