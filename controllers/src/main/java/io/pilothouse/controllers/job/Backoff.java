package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failures in a row since a pod last succeeded.
 *
 * @param last when the last one was; none without failures
 */
record Backoff(int failures, @Nullable Instant last) {
    static final Backoff NONE = new Backoff(0, null);
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Goes on with pods that have finished since. */
    Backoff after(List<Pod> succeeded, List<Pod> failed) {
        var failures = failed.stream().map(JobPods::finishedAt).sorted().toList();
        if (succeeded.isEmpty()) {
            return failures.isEmpty() ? this : new Backoff(this.failures + failures.size(), failures.getLast());
        }
        Instant success = succeeded.stream()
                .map(JobPods::finishedAt)
                .max(Instant::compareTo)
                .orElseThrow();
        int since = (int) failures.stream().filter(at -> at.isAfter(success)).count();
        return since == 0 ? NONE : new Backoff(since, failures.getLast());
    }

    /** That of one index, whose last failed pod this is. */
    static Backoff ofIndex(@Nullable Pod failed) {
        return failed == null ? NONE : new Backoff(JobPods.allFailures(failed) + 1, JobPods.finishedAt(failed));
    }

    /** How long the next pod has to wait still; zero where it need not. */
    Duration remaining(Instant now) {
        if (failures == 0 || last == null) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(10, failures - 1));
        Duration left = Duration.between(now, last.plus(delay.compareTo(LONGEST) > 0 ? LONGEST : delay));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
