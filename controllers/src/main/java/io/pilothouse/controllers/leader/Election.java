package io.pilothouse.controllers.leader;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One candidate's part in an election, by the rules of client-go: who sees a record unchanged for the record's duration may replace it. Times of
 * others are never compared with the own clock. For one thread.
 */
final class Election {
    private final LeaseLock lock;
    private final String identity;
    private final Duration duration;
    private final Clock clock;
    private final LongSupplier nanos;
    private LeaseLock.@Nullable Stored seen;
    private long seenNanos;

    /**
     * A candidate that knows nothing yet.
     *
     * @param nanos a clock that never jumps, as System::nanoTime
     */
    Election(LeaseLock lock, String identity, Duration duration, Clock clock, LongSupplier nanos) {
        this.lock = lock;
        this.identity = identity;
        this.duration = duration;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Takes or renews the Lease if that is allowed. True when this candidate leads now. */
    boolean tryAcquireOrRenew() {
        if (seen != null && leads(seen) && valid(seen) && renewAsSeen(seen)) {
            return true;
        }
        var now = clock.instant();
        Optional<LeaseLock.Stored> stored = lock.get();
        if (stored.isEmpty()) {
            return observe(lock.create(new LeaderRecord(identity, duration, now, now, 0)));
        }
        if (seen == null || !seen.version().equals(stored.get().version())) {
            note(stored.get());
        }
        LeaderRecord held = stored.get().record();
        if (!leads(stored.get()) && !held.holder().isEmpty() && valid(stored.get())) {
            return false;
        }
        LeaderRecord wanted = leads(stored.get())
                ? new LeaderRecord(identity, duration, held.acquired(), now, held.transitions())
                : new LeaderRecord(identity, duration, now, now, held.transitions() + 1);
        return observe(lock.update(wanted, stored.get().version()));
    }

    /** While nobody else wrote, one call renews. */
    private boolean renewAsSeen(LeaseLock.Stored mine) {
        LeaderRecord held = mine.record();
        return observe(lock.update(
                new LeaderRecord(identity, duration, held.acquired(), clock.instant(), held.transitions()),
                mine.version()));
    }

    /** Gives the Lease up, so that another need not wait; without effect when it is another's. */
    void release() {
        var mine = seen;
        if (mine == null || !leads(mine)) {
            return;
        }
        var now = clock.instant();
        boolean _ = observe(lock.update(
                new LeaderRecord(
                        "", Duration.ofSeconds(1), now, now, mine.record().transitions()),
                mine.version()));
    }

    /** Which other candidate leads, as far as this one has seen; empty if none does. */
    String otherLeader() {
        return seen == null || leads(seen) ? "" : seen.record().holder();
    }

    private boolean observe(Optional<LeaseLock.Stored> written) {
        written.ifPresent(this::note);
        return written.isPresent();
    }

    private void note(LeaseLock.Stored stored) {
        seen = stored;
        seenNanos = nanos.getAsLong();
    }

    private boolean leads(LeaseLock.Stored stored) {
        return stored.record().holder().equals(identity);
    }

    private boolean valid(LeaseLock.Stored stored) {
        return nanos.getAsLong() - seenNanos < stored.record().duration().toNanos();
    }
}
