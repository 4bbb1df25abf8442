package io.pilothouse.apiserver.fairness;

import java.util.Arrays;
import java.util.List;

/**
 * Shares seats out: each class gets its target times one factor, the same for all, unless that is below its lower or above its upper bound. The
 * factor is the one with which the sum comes out.
 */
final class Allocation {
    private static final double LEAST_TARGET = 0.001;

    /** What a class should get, and between what. */
    record Wish(double lower, double target, double upper) {
        Wish {
            target = Math.max(LEAST_TARGET, Math.max(lower, target));
        }

        private double at(double factor) {
            return Math.max(lower, Math.min(upper, factor * target));
        }
    }

    /**
     * What each gets, in the order of the wishes, and the factor.
     *
     * @param factor how much of its target a class gets that meets none of its bounds
     */
    record Outcome(double[] seats, double factor) {}

    private Allocation() {}

    /** @param total brought between the sums of the bounds, where it is not */
    static Outcome of(double total, List<Wish> wishes) {
        // The sum grows with the factor, in straight lines between the points where one class meets a bound.
        double[] bends = wishes.stream()
                .flatMapToDouble(w -> java.util.stream.DoubleStream.of(w.lower / w.target, w.upper / w.target))
                .sorted()
                .toArray();
        double factor = bends.length == 0 ? 0 : factor(total, wishes, bends);
        return new Outcome(wishes.stream().mapToDouble(w -> w.at(factor)).toArray(), factor);
    }

    private static double factor(double total, List<Wish> wishes, double[] bends) {
        double before = bends[0];
        double sumBefore = sum(wishes, before);
        for (double bend : Arrays.copyOfRange(bends, 1, bends.length)) {
            double sum = sum(wishes, bend);
            if (sum >= total) {
                return sum == sumBefore ? bend : before + (bend - before) * (total - sumBefore) / (sum - sumBefore);
            }
            before = bend;
            sumBefore = sum;
        }
        return before;
    }

    private static double sum(List<Wish> wishes, double factor) {
        return wishes.stream().mapToDouble(w -> w.at(factor)).sum();
    }
}
