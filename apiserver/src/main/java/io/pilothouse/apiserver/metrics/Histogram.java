package io.pilothouse.apiserver.metrics;

import io.pilothouse.machinery.gotext.GoText;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** How values are spread. */
public final class Histogram implements Series {
    private static final double NANOS = 1e9;

    private final double[] bounds;
    private final AtomicLongArray counts;
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(double[] bounds) {
        this.bounds = bounds;
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    /** A value. */
    public void observe(double value) {
        int at = 0;
        while (at < bounds.length && value > bounds[at]) {
            at++;
        }
        counts.incrementAndGet(at);
        sum.add(value);
    }

    /** A time; told in seconds. */
    public void nanos(long nanos) {
        observe(nanos / NANOS);
    }

    /** The time since {@link System#nanoTime} was that. */
    public void since(long startNanos) {
        nanos(System.nanoTime() - startNanos);
    }

    @Override
    public void reset() {
        for (int i = 0; i <= bounds.length; i++) {
            counts.set(i, 0);
        }
        sum.reset();
    }

    @Override
    public void write(StringBuilder text, String name, String labels) {
        String before = labels.isEmpty() ? "" : labels + ",";
        long total = 0;
        for (int i = 0; i <= bounds.length; i++) {
            total += counts.get(i);
            String bound = i < bounds.length ? GoText.shortest(bounds[i]) : "+Inf";
            Family.writeValue(text, name + "_bucket", before + "le=\"" + bound + "\"", (double) total);
        }
        Family.writeValue(text, name + "_sum", labels, sum.sum());
        Family.writeValue(text, name + "_count", labels, (double) total);
    }
}
