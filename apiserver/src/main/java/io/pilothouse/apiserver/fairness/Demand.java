package io.pilothouse.apiserver.fairness;

/** How many seats a level asked for over a while: mean, deviation and peak. Guarded by the lock of the level's queues. */
final class Demand {
    private static final double NANOS = 1e9;

    /** What was asked for since the last look. */
    record Observed(double seconds, double average, double deviation, double peak) {}

    private double value;
    private double peak;
    private double sum;
    private double squares;
    private double seconds;
    private long lastNanos;

    Demand(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    void set(double seats, long nowNanos) {
        advance(nowNanos);
        value = seats;
        peak = Math.max(peak, seats);
    }

    private void advance(long nowNanos) {
        double passed = (nowNanos - lastNanos) / NANOS;
        lastNanos = nowNanos;
        sum += value * passed;
        squares += value * value * passed;
        seconds += passed;
    }

    /** What was seen, and begins anew. */
    Observed reset(long nowNanos) {
        advance(nowNanos);
        double average = seconds <= 0 ? 0 : sum / seconds;
        double variance = seconds <= 0 ? 0 : squares / seconds - average * average;
        var seen = new Observed(seconds, average, Math.sqrt(Math.max(0, variance)), peak);
        sum = 0;
        squares = 0;
        seconds = 0;
        peak = value;
        return seen;
    }
}
