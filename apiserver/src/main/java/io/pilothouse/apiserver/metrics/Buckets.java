package io.pilothouse.apiserver.metrics;

import java.util.stream.IntStream;

/** Upper bounds of distributions. */
public final class Buckets {
    private Buckets() {}

    /** Each that many times the one before. */
    public static double[] exponential(double first, double factor, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int i = 0; i < count; i++) {
            bounds[i] = bound;
            bound *= factor;
        }
        return bounds;
    }

    /** Each that much more than the one before. */
    public static double[] linear(double first, double step, int count) {
        return IntStream.range(0, count).mapToDouble(i -> first + step * i).toArray();
    }
}
