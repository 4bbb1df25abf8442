package io.pilothouse.apiserver.fairness;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** A priority level at work: its seats, and how many it has of its own, may be left with, and may grow to. Changed by one thread. */
final class Level {
    private static final double SMOOTHING = 0.977;

    private final SeatQueues queues;
    private volatile LevelSpec spec;
    private volatile Limits limits;
    private volatile DroppedRequests dropped = new DroppedRequests();
    private double smoothed;
    private Demand.Observed observed = new Demand.Observed(0, 0, 0, 0);
    private boolean wanted = true;

    /**
     * Seats of a level.
     *
     * @param nominal its part by its shares
     * @param least what is left when all that it lends is lent
     * @param most what it may grow to
     * @param current what it has now
     */
    record Limits(int nominal, int least, int most, int current) {}

    Level(LevelSpec spec, Limits limits, LongSupplier nanos, ScheduledExecutorService timer) {
        this.spec = spec;
        this.limits = limits;
        this.queues = new SeatQueues(shape(spec), limits.current(), nanos, timer);
    }

    private static SeatQueues.Shape shape(LevelSpec spec) {
        return new SeatQueues.Shape(spec.exempt(), spec.queues(), spec.handSize(), spec.queueLength());
    }

    LevelSpec spec() {
        return spec;
    }

    Limits limits() {
        return limits;
    }

    SeatQueues queues() {
        return queues;
    }

    DroppedRequests dropped() {
        return dropped;
    }

    /** The most seats that one request may take: a seventh of them, and no more than a hand of queues can bear. */
    int mostSeats() {
        if (spec.queues() == 0) {
            return Integer.MAX_VALUE;
        }
        int nominal = limits.nominal();
        int borne = nominal / spec.handSize();
        return Math.max(1, Math.min((int) Math.ceil(nominal * 0.15), borne));
    }

    void respec(LevelSpec newSpec) {
        spec = newSpec;
    }

    void relimit(Limits newLimits) {
        limits = newLimits;
        queues.reshape(shape(spec), newLimits.current());
    }

    /** Whether its object is there; one that is not goes when nobody is in it any more. */
    boolean wanted() {
        return wanted;
    }

    void want(boolean value) {
        wanted = value;
    }

    boolean isIdle() {
        var state = queues.state();
        return state.executing() == 0 && state.waiting() == 0;
    }

    /** Looks at what was asked for since the last look. */
    void observe() {
        observed = queues.observe();
        if (observed.seconds() > 0) {
            double envelope = observed.average() + observed.deviation();
            smoothed = Math.max(envelope, SMOOTHING * smoothed + (1 - SMOOTHING) * envelope);
        }
    }

    double smoothedDemand() {
        return smoothed;
    }

    int peakDemand() {
        return (int) Math.round(observed.peak());
    }

    /** What it must be left with, as things are. */
    int leastNow() {
        return spec.exempt()
                ? Math.max(limits.least(), peakDemand())
                : Math.max(limits.least(), Math.min(limits.nominal(), peakDemand()));
    }
}
