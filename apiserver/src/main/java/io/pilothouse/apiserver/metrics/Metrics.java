package io.pilothouse.apiserver.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A set of families of series. A family is declared once; its series are had by the values of their labels, kept by whoever counts, and told of
 * from then on. Safe for use by many threads.
 */
public final class Metrics {
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();
    private final List<Supplier<String>> others = new CopyOnWriteArrayList<>();

    /** A family of which each series only grows. */
    public Family.Of<Counter> counters(String name, Stability stability, String help, String... labels) {
        return add(new Family.Of<>(new Family.Head(name, "counter", stability, help, List.of(labels)), Counter::new));
    }

    /** A family of which each series goes up and down. */
    public Family.Of<Gauge> gauges(String name, Stability stability, String help, String... labels) {
        return add(new Family.Of<>(new Family.Head(name, "gauge", stability, help, List.of(labels)), Gauge::new));
    }

    /**
     * A family of distributions.
     *
     * @param buckets their upper bounds, ascending; the last one of all is added
     */
    public Family.Of<Histogram> histograms(
            String name, Stability stability, String help, double[] buckets, String... labels) {
        double[] bounds = Arrays.copyOf(buckets, buckets.length);
        return add(new Family.Of<>(
                new Family.Head(name, "histogram", stability, help, List.of(labels)), () -> new Histogram(bounds)));
    }

    /** A counter without labels. */
    public Counter counter(String name, Stability stability, String help) {
        return counters(name, stability, help).of();
    }

    /** A gauge whose value is asked for when it is told. */
    public void gauge(String name, Stability stability, String help, DoubleSupplier value) {
        computed("gauge", name, stability, help, List.of(), told -> told.value(value.getAsDouble()));
    }

    /**
     * A family that is computed when it is told.
     *
     * @param type gauge or counter
     */
    public void computed(
            String type,
            String name,
            Stability stability,
            String help,
            List<String> labels,
            Family.Computed.Values values) {
        add(new Family.Computed(new Family.Head(name, type, stability, help, List.copyOf(labels)), values));
    }

    /** Tells at the end what somebody else counts, in the same format; its names are its own. */
    public void append(Supplier<String> text) {
        others.add(text);
    }

    private <F extends Family> F add(F family) {
        if (families.putIfAbsent(family.head().name(), family) != null) {
            throw new IllegalStateException(
                    "there is such a family already: " + family.head().name());
        }
        return family;
    }

    /** Begins all counting anew; what goes up and down stays. */
    public void reset() {
        families.values().forEach(Family::reset);
    }

    /** All series in the text format of Prometheus, version 0.0.4: by name, then by the values of their labels. */
    public String text() {
        var text = new StringBuilder(1 << 16);
        families.values().forEach(family -> family.write(text));
        others.forEach(other -> text.append(other.get()));
        return text.toString();
    }
}
