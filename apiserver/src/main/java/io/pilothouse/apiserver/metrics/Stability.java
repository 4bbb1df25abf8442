package io.pilothouse.apiserver.metrics;

/** How far a series may be relied on: upstream says so in its description. */
public enum Stability {
    INTERNAL,
    ALPHA,
    BETA,
    STABLE,
    /** Of a series that upstream takes from a library, which says nothing. */
    UNSAID;

    String mark() {
        return this == UNSAID ? "" : "[" + name() + "] ";
    }
}
