package io.pilothouse.controllers.workqueue;

import java.time.Duration;

/** What a reconciler says when it returns: done until something changes, or to be asked again after a while. */
public sealed interface Outcome {
    /** Nothing more to do until the object or what it depends on changes. */
    record Done() implements Outcome {}

    /** To be reconciled again once {@code delay} has passed, or earlier if something changes. */
    record After(Duration delay) implements Outcome {}

    /** To be reconciled again after a delay that grows each time in a row that this is said. */
    record Retry() implements Outcome {}

    /** {@link Done}. */
    static Outcome done() {
        return new Done();
    }

    /** {@link After}; not before a millisecond from now. */
    static Outcome after(Duration delay) {
        return new After(delay.toMillis() < 1 ? Duration.ofMillis(1) : delay);
    }

    /** {@link Retry}. */
    static Outcome retry() {
        return new Retry();
    }
}
