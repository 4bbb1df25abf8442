package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What was recommended for an autoscaler's target and done to it lately. For one thread at a time. */
final class History {
    /** How much at a time: a number of replicas that was recommended, or by which the target grew or shrank. */
    private record Entry(int replicas, Instant at) {}

    private final List<Entry> recommendations = new ArrayList<>();
    private final List<Entry> growths = new ArrayList<>();
    private final List<Entry> shrinkings = new ArrayList<>();
    private boolean begun;

    /** The size that the target had when it was first seen counts as recommended then. */
    void begin(int replicas, Instant now) {
        if (!begun) {
            begun = true;
            recommend(replicas, now);
        }
    }

    void recommend(int replicas, Instant now) {
        recommendations.add(new Entry(replicas, now));
    }

    /** What was recommended after a time. */
    Stream<Integer> since(Instant time) {
        return recommendations.stream().filter(entry -> entry.at.isAfter(time)).map(Entry::replicas);
    }

    void forgetRecommendationsBefore(Instant time) {
        recommendations.removeIf(entry -> entry.at.isBefore(time));
    }

    /** The target was scaled; no policy looks back further than {@code longest}. */
    void scaled(int before, int after, Duration longest, Instant now) {
        var entries = after > before ? growths : shrinkings;
        entries.removeIf(entry -> entry.at.isBefore(now.minus(longest)));
        entries.add(new Entry(Math.abs(after - before), now));
    }

    /** How many replicas the target had when a policy's period began, were it not for anything else. */
    int atStart(HPAScalingPolicy policy, int current, Instant now) {
        Instant start = now.minusSeconds(policy.getPeriodSeconds());
        return current - sum(growths, start) + sum(shrinkings, start);
    }

    private static int sum(List<Entry> entries, Instant start) {
        return entries.stream()
                .filter(entry -> entry.at.isAfter(start))
                .mapToInt(Entry::replicas)
                .sum();
    }

    /** How long the policies of some rules look back. */
    static Duration longest(HPAScalingRules rules) {
        return Duration.ofSeconds(rules.getPolicies().stream()
                .mapToInt(HPAScalingPolicy::getPeriodSeconds)
                .max()
                .orElse(0));
    }
}
