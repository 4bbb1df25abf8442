package io.pilothouse.apiserver.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** How many there are, and how many there were at most in the last second. Safe for use by many threads. */
final class Watermark {
    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier nanos;
    private final AtomicInteger now = new AtomicInteger();
    private volatile int peak;
    private volatile long peakNanos;

    /** @param nanos a clock as {@link System#nanoTime} */
    Watermark(LongSupplier nanos) {
        this.nanos = nanos;
        this.peakNanos = nanos.getAsLong();
    }

    void increment() {
        int count = now.incrementAndGet();
        if (count >= peak || nanos.getAsLong() - peakNanos > SECOND) {
            note(count);
        }
    }

    void decrement() {
        now.decrementAndGet();
    }

    private synchronized void note(int count) {
        long moment = nanos.getAsLong();
        if (count >= peak || moment - peakNanos > SECOND) {
            peak = count;
            peakNanos = moment;
        }
    }

    int most() {
        return nanos.getAsLong() - peakNanos > SECOND ? now.get() : Math.max(peak, now.get());
    }
}
