package io.pilothouse.controllers.autoscaler;

import java.time.Duration;

/**
 * How the autoscaler works where an object says nothing.
 *
 * @param workers how many are worked on at a time
 * @param period how often each is worked on
 * @param stabilization how long a high recommendation holds a target up
 * @param tolerance how far a metric may be from its target, as a share of it
 */
public record Settings(
        int workers,
        Duration period,
        Duration stabilization,
        double tolerance,
        Duration initialization,
        Duration readinessDelay) {}
