package io.pilothouse.apiserver.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether logging is blocked: whoever reads what the server writes may have stopped to read. */
final class LogCheck implements HealthChecks.Check {
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration TOO_LONG = Duration.ofMinutes(2);

    private final Clock clock;
    private final Runnable flush;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile Instant verified = Instant.EPOCH;

    /** @param flush waits for as long as what is logged is not taken */
    LogCheck(Clock clock, Runnable flush) {
        this.clock = clock;
        this.flush = flush;
    }

    /** Begins to look when it is asked first. */
    @Override
    public void run() {
        if (started.compareAndSet(false, true)) {
            verified = clock.instant();
            Thread.ofPlatform().daemon().name("log-check").start(this::watch);
        }
        if (!clock.instant().isBefore(verified.plus(TOO_LONG))) {
            throw new IllegalStateException("logging blocked");
        }
    }

    private void watch() {
        try {
            while (true) {
                flush.run();
                verified = clock.instant();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
