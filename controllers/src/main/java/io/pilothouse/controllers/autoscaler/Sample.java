package io.pilothouse.controllers.autoscaler;

import java.time.Duration;
import java.time.Instant;

/**
 * What was measured of a pod.
 *
 * @param window over how long, until {@code at}
 * @param milli in thousandths of the metric's unit
 */
record Sample(Instant at, Duration window, long milli) {
    /** One that nobody measured. */
    static Sample assumed(long milli) {
        return new Sample(Instant.EPOCH, Duration.ZERO, milli);
    }
}
