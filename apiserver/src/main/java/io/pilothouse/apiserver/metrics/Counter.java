package io.pilothouse.apiserver.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. */
public final class Counter implements Series {
    private final LongAdder count = new LongAdder();

    Counter() {}

    public void increment() {
        count.increment();
    }

    public void add(long amount) {
        count.add(amount);
    }

    /** The count as it is. */
    public long value() {
        return count.sum();
    }

    @Override
    public void reset() {
        count.reset();
    }

    @Override
    public void write(StringBuilder text, String name, String labels) {
        Family.writeValue(text, name, labels, (double) count.sum());
    }
}
