package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.pilothouse.machinery.quantity.Quantity;
import org.jspecify.annotations.Nullable;

/** How far a metric may be from its target before anything is done, as shares of it. */
record Tolerances(double down, double up) {
    /** Those of an autoscaler. */
    static Tolerances of(HorizontalPodAutoscaler autoscaler, double usual) {
        var behavior = autoscaler.getSpec().getBehavior();
        return behavior == null
                ? new Tolerances(usual, usual)
                : new Tolerances(own(behavior.getScaleDown(), usual), own(behavior.getScaleUp(), usual));
    }

    private static double own(@Nullable HPAScalingRules rules, double usual) {
        return rules == null || rules.getTolerance() == null
                ? usual
                : Quantity.parse(rules.getTolerance().toString()).toDouble();
    }

    /** Whether a ratio of usage to target is as good as 1. */
    boolean allow(double ratio) {
        return 1.0 - down <= ratio && ratio <= 1.0 + up;
    }
}
