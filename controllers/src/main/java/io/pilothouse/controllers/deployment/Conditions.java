package io.pilothouse.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a deployment. */
final class Conditions {
    static final String PROGRESSING = "Progressing";
    static final String AVAILABLE = "Available";
    static final String REPLICA_FAILURE = "ReplicaFailure";
    static final String NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    static final String PAUSED = "DeploymentPaused";

    private Conditions() {}

    static DeploymentCondition of(String type, String status, String reason, String message, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastUpdateTime(time)
                .withLastTransitionTime(time)
                .build();
    }

    static Optional<DeploymentCondition> find(List<DeploymentCondition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    static Optional<DeploymentCondition> find(Deployment deployment, String type) {
        return deployment.getStatus() == null
                ? Optional.empty()
                : find(deployment.getStatus().getConditions(), type);
    }

    /** With the condition in the list, unless one of the same status and reason stands there. */
    static List<DeploymentCondition> with(List<DeploymentCondition> conditions, DeploymentCondition condition) {
        var before = find(conditions, condition.getType());
        if (before.isPresent()
                && before.get().getStatus().equals(condition.getStatus())
                && before.get().getReason().equals(condition.getReason())) {
            return conditions;
        }
        var after = without(conditions, condition.getType());
        boolean sameStatus = before.isPresent() && before.get().getStatus().equals(condition.getStatus());
        after.add(
                sameStatus
                        ? new DeploymentConditionBuilder(condition)
                                .withLastTransitionTime(before.get().getLastTransitionTime())
                                .build()
                        : condition);
        return after;
    }

    static List<DeploymentCondition> without(List<DeploymentCondition> conditions, String type) {
        var after = new ArrayList<DeploymentCondition>();
        conditions.stream()
                .filter(condition -> !condition.getType().equals(type))
                .forEach(after::add);
        return after;
    }

    static boolean hasDeadline(Deployment deployment) {
        Integer seconds = deployment.getSpec().getProgressDeadlineSeconds();
        return seconds != null && seconds != Integer.MAX_VALUE;
    }

    /** Everything asked for is there, updated and available, and nothing else is. */
    static boolean isComplete(Deployment deployment, DeploymentStatus status) {
        int wanted = deployment.getSpec().getReplicas();
        return count(status.getUpdatedReplicas()) == wanted
                && count(status.getReplicas()) == wanted
                && count(status.getAvailableReplicas()) == wanted
                && status.getObservedGeneration() >= deployment.getMetadata().getGeneration();
    }

    /** Whether the new status is a step ahead of the one that is written. */
    static boolean isProgress(Deployment deployment, DeploymentStatus after) {
        var before = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        return count(after.getUpdatedReplicas()) > count(before.getUpdatedReplicas())
                || count(after.getReplicas()) - count(after.getUpdatedReplicas())
                        < count(before.getReplicas()) - count(before.getUpdatedReplicas())
                || count(after.getReadyReplicas()) > count(before.getReadyReplicas())
                || count(after.getAvailableReplicas()) > count(before.getAvailableReplicas());
    }

    static boolean isTimedOut(Deployment deployment, DeploymentStatus status, Instant now) {
        var condition = find(status.getConditions(), PROGRESSING);
        if (!hasDeadline(deployment)
                || condition.isEmpty()
                || NEW_SET_AVAILABLE.equals(condition.get().getReason())) {
            return false;
        }
        return TIMED_OUT.equals(condition.get().getReason())
                || Instant.parse(condition.get().getLastUpdateTime())
                        .plusSeconds(deployment.getSpec().getProgressDeadlineSeconds())
                        .isBefore(now);
    }

    static int count(@org.jspecify.annotations.Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
