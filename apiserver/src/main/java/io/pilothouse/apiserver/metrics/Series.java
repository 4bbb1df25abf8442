package io.pilothouse.apiserver.metrics;

/** One series. Safe for use by many threads. */
public sealed interface Series permits Counter, Gauge, Histogram {
    /** Begins anew, where it counts. */
    void reset();

    /**
     * Writes its lines.
     *
     * @param labels what stands between the braces; empty for none
     */
    void write(StringBuilder text, String name, String labels);
}
