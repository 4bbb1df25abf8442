package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerConditionBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatusBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An autoscaler's status while it is being worked out. For one thread. */
final class StatusDraft {
    private final @Nullable HorizontalPodAutoscalerStatus before;
    private final Instant now;
    private final List<HorizontalPodAutoscalerCondition> conditions;
    private List<MetricStatus> metrics;
    private @Nullable Integer current;
    private int desired;
    private @Nullable String lastScaleTime;

    StatusDraft(HorizontalPodAutoscaler autoscaler, Instant now) {
        this.before = autoscaler.getStatus();
        this.now = now;
        this.conditions = new ArrayList<>(before == null ? List.of() : before.getConditions());
        this.metrics = before == null ? List.of() : before.getCurrentMetrics();
        this.current = before == null ? null : before.getCurrentReplicas();
        this.desired = before == null ? 0 : Objects.requireNonNullElse(before.getDesiredReplicas(), 0);
        this.lastScaleTime = before == null ? null : before.getLastScaleTime();
    }

    /** Says a condition; its time changes with its status. */
    void set(String type, boolean status, String reason, String message) {
        String text = status ? "True" : "False";
        int index = 0;
        while (index < conditions.size() && !conditions.get(index).getType().equals(type)) {
            index++;
        }
        String since =
                index < conditions.size() && conditions.get(index).getStatus().equals(text)
                        ? conditions.get(index).getLastTransitionTime()
                        : time();
        var condition = new HorizontalPodAutoscalerConditionBuilder()
                .withType(type)
                .withStatus(text)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .build();
        if (index < conditions.size()) {
            conditions.set(index, condition);
        } else {
            conditions.add(condition);
        }
    }

    private String time() {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** What was found, while the number of replicas that is wanted stays what it was. */
    void found(int replicas, List<MetricStatus> values) {
        current = replicas;
        metrics = List.copyOf(values);
    }

    /** What is wanted now; the target has been scaled to it if {@code scaled}. */
    void wanted(int replicas, boolean scaled) {
        desired = replicas;
        if (scaled) {
            lastScaleTime = time();
        }
    }

    HorizontalPodAutoscalerStatus build() {
        return new HorizontalPodAutoscalerStatusBuilder()
                .withConditions(conditions)
                .withCurrentMetrics(metrics)
                .withCurrentReplicas(current)
                .withDesiredReplicas(desired)
                .withLastScaleTime(lastScaleTime)
                .build();
    }

    /** Whether it says something else than the status that it began with. */
    boolean isChanged() {
        return !build().equals(before);
    }
}
