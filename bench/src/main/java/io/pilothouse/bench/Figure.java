package io.pilothouse.bench;

import java.util.Locale;

/**
 * One line of a table.
 *
 * @param name of what was measured
 * @param goal what it is held against
 * @param unit of the measured value and of the goal's
 */
record Figure(String name, Goal goal, String unit, Attempt<Value> measured) {
    /**
     * What is asked for.
     *
     * @param upstream what kube-apiserver 1.36.2 takes at 10,000 pods, or 0 where none is known
     * @param most what ours is to stay below there, or 0 where nothing is asked for
     */
    record Goal(double upstream, double most) {
        static final Goal NONE = new Goal(0, 0);
    }

    /**
     * What came out.
     *
     * @param amount in the figure's unit
     * @param times how long clients waited for answers; empty where nobody did
     */
    record Value(double amount, String times) {
        static Value of(double amount) {
            return new Value(amount, "");
        }
    }

    static Figure of(String name, Goal goal, String unit, Attempt<Double> measured) {
        return new Figure(name, goal, unit, measured.map(Value::of));
    }

    String upstream() {
        return goal.upstream() == 0 ? "" : number(goal.upstream()) + " " + unit;
    }

    String most() {
        return goal.most() == 0 ? "" : number(goal.most()) + " " + unit;
    }

    String amount() {
        return measured.ok().map(value -> number(value.amount()) + " " + unit).orElse("**failed**");
    }

    String times() {
        return measured.ok().map(Value::times).orElse("");
    }

    String verdict() {
        return goal.most() == 0
                ? ""
                : measured.ok()
                        .map(value -> value.amount() <= goal.most() ? "met" : "**not met**")
                        .orElse("**not met**");
    }

    /** With about three digits. */
    static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
