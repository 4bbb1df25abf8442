package io.pilothouse.apiserver.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** A number that goes up and down. */
public final class Gauge implements Series {
    private final AtomicLong value = new AtomicLong();

    Gauge() {}

    public void increment() {
        value.incrementAndGet();
    }

    public void decrement() {
        value.decrementAndGet();
    }

    /** Adds, or takes away what is negative. */
    public void add(long amount) {
        value.addAndGet(amount);
    }

    public void set(long now) {
        value.set(now);
    }

    @Override
    public void reset() {}

    @Override
    public void write(StringBuilder text, String name, String labels) {
        Family.writeValue(text, name, labels, (double) value.get());
    }
}
