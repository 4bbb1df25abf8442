package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Brings what metrics call for within what an autoscaler allows: the recommendations of its stabilization windows, its policies, its least and most.
 *
 * @param usualWindow the window of scaling down where the autoscaler says none
 */
record Normalization(History history, Duration usualWindow, Instant now) {
    /** How much a target may grow at once where no behavior is said. */
    private static final int GROWTH = 2;

    private static final int LEAST_LIMIT = 4;
    private static final String DISABLED = "Disabled";
    private static final String LEAST_CHANGE = "Min";

    private record Limited(int replicas, String reason, String message) {}

    /** @return the number of replicas that are wanted, of which the draft says why */
    int apply(HorizontalPodAutoscaler autoscaler, StatusDraft draft, int current, int recommended, int least) {
        int most = autoscaler.getSpec().getMaxReplicas();
        var behavior = autoscaler.getSpec().getBehavior();
        int stabilized = behavior == null
                ? stabilize(recommended)
                : stabilize(behavior.getScaleUp(), behavior.getScaleDown(), current, recommended);
        if (stabilized == recommended) {
            draft.set("AbleToScale", true, "ReadyForNewScale", "recommended size matches current size");
        } else if (behavior == null || recommended < current) {
            draft.set(
                    "AbleToScale",
                    true,
                    "ScaleDownStabilized",
                    "recent recommendations were higher than current one, applying the highest recent recommendation");
        } else {
            draft.set(
                    "AbleToScale",
                    true,
                    "ScaleUpStabilized",
                    "recent recommendations were lower than current one, applying the lowest recent recommendation");
        }
        Limited limited = behavior == null
                ? limit(current, stabilized, least, most)
                : limit(behavior.getScaleUp(), behavior.getScaleDown(), current, stabilized, least, most);
        draft.set("ScalingLimited", limited.replicas != stabilized, limited.reason, limited.message);
        return limited.replicas;
    }

    private int stabilize(int recommended) {
        history.forgetRecommendationsBefore(now.minus(usualWindow));
        int highest = history.since(Instant.MIN).reduce(recommended, Math::max);
        history.recommend(recommended, now);
        return highest;
    }

    private int stabilize(HPAScalingRules up, HPAScalingRules down, int current, int recommended) {
        Instant upStart = now.minusSeconds(Objects.requireNonNullElse(up.getStabilizationWindowSeconds(), 0));
        Instant downStart = now.minusSeconds(
                Objects.requireNonNullElse(down.getStabilizationWindowSeconds(), (int) usualWindow.toSeconds()));
        int lowest = history.since(upStart).reduce(recommended, Math::min);
        int highest = history.since(downStart).reduce(recommended, Math::max);
        history.forgetRecommendationsBefore(upStart.isBefore(downStart) ? upStart : downStart);
        history.recommend(recommended, now);
        return Math.min(Math.max(current, lowest), highest);
    }

    private static Limited limit(int current, int desired, int least, int most) {
        int growth = Math.max(GROWTH * current, LEAST_LIMIT);
        if (desired < least) {
            return tooFew(least);
        }
        if (desired > Math.min(most, growth)) {
            return most > growth ? tooFast(growth) : tooMany(most);
        }
        return within(desired);
    }

    private Limited limit(HPAScalingRules up, HPAScalingRules down, int current, int desired, int least, int most) {
        if (desired > current) {
            int growth = Math.max(current, highest(up, current));
            if (desired > Math.min(most, growth)) {
                return most > growth ? tooFast(growth) : tooMany(most);
            }
        } else if (desired < current) {
            int shrinking = Math.min(current, lowest(down, current));
            if (desired < Math.max(least, shrinking)) {
                return least < shrinking
                        ? new Limited(
                                shrinking,
                                "ScaleDownLimit",
                                "the desired replica count is decreasing faster than the maximum scale rate")
                        : tooFew(least);
            }
        }
        return within(desired);
    }

    /** How many replicas the policies of growth allow. */
    private int highest(HPAScalingRules rules, int current) {
        if (DISABLED.equals(rules.getSelectPolicy())) {
            return current;
        }
        var proposals = rules.getPolicies().stream().map(policy -> {
            int start = history.atStart(policy, current, now);
            return isNumber(policy)
                    ? start + policy.getValue()
                    : (int) Math.ceil(start * (1 + policy.getValue() / 100.0));
        });
        return LEAST_CHANGE.equals(rules.getSelectPolicy())
                ? proposals.reduce(Integer.MAX_VALUE, Math::min)
                : proposals.reduce(Integer.MIN_VALUE, Math::max);
    }

    /** How few replicas the policies of shrinking allow. */
    private int lowest(HPAScalingRules rules, int current) {
        if (DISABLED.equals(rules.getSelectPolicy())) {
            return current;
        }
        var proposals = rules.getPolicies().stream().map(policy -> {
            int start = history.atStart(policy, current, now);
            return isNumber(policy) ? start - policy.getValue() : (int) (start * (1 - policy.getValue() / 100.0));
        });
        return LEAST_CHANGE.equals(rules.getSelectPolicy())
                ? proposals.reduce(Integer.MIN_VALUE, Math::max)
                : proposals.reduce(Integer.MAX_VALUE, Math::min);
    }

    private static boolean isNumber(HPAScalingPolicy policy) {
        return "Pods".equals(policy.getType());
    }

    private static Limited within(int desired) {
        return new Limited(desired, "DesiredWithinRange", "the desired count is within the acceptable range");
    }

    private static Limited tooFew(int least) {
        return new Limited(least, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
    }

    private static Limited tooMany(int most) {
        return new Limited(most, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
    }

    private static Limited tooFast(int growth) {
        return new Limited(
                growth, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
    }
}
