package io.pilothouse.apiserver.fairness;

/**
 * What a request is thought to cost.
 *
 * @param seats while it is served
 * @param finalSeats afterwards, while watchers are told of what it changed
 * @param finalNanos how long that takes
 */
public record WorkEstimate(int seats, int finalSeats, long finalNanos) {
    public static final WorkEstimate ONE = new WorkEstimate(1, 0, 0);
    private static final double NANOS = 1e9;

    int mostSeats() {
        return Math.max(seats, finalSeats);
    }

    /** Seat-seconds, if serving takes so long. */
    double work(double servingSeconds) {
        return seats * servingSeconds + finalSeats * (finalNanos / NANOS);
    }
}
