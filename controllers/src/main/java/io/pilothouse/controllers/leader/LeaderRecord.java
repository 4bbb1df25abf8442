package io.pilothouse.controllers.leader;

import java.time.Duration;
import java.time.Instant;

/**
 * What a Lease says about who leads.
 *
 * @param holder who leads; empty after one gave the Lease up
 * @param duration how long others wait after they saw the record change before they take over
 * @param acquired when the holder began to lead
 * @param renewed when the holder last said so, by its own clock; others measure by theirs
 * @param transitions how often the Lease went from one holder to another
 */
public record LeaderRecord(String holder, Duration duration, Instant acquired, Instant renewed, int transitions) {}
