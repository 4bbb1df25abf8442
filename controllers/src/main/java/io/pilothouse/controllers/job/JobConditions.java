package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The conditions of a job's status. */
final class JobConditions {
    private JobConditions() {}

    static JobCondition of(String type, String reason, String message, Instant now) {
        return of(type, "True", reason, message, now);
    }

    private static JobCondition of(String type, String status, String reason, String message, Instant now) {
        return new JobConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastProbeTime(time(now))
                .withLastTransitionTime(time(now))
                .build();
    }

    /** As API objects write it. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The same reason under another type. */
    static JobCondition as(String type, JobCondition condition, Instant now) {
        return of(type, condition.getReason(), condition.getMessage(), now);
    }

    static void add(JobStatus status, JobCondition condition) {
        var conditions = new ArrayList<>(status.getConditions());
        conditions.add(condition);
        status.setConditions(conditions);
    }

    /**
     * Sets a condition; one that was never there does not become false.
     *
     * @return whether anything changed
     */
    static boolean set(JobStatus status, String type, boolean holds, String reason, String message, Instant now) {
        var wanted = of(type, holds ? "True" : "False", reason, message, now);
        var conditions = new ArrayList<>(status.getConditions());
        int at = types(conditions).indexOf(type);
        if (at < 0) {
            if (holds) {
                add(status, wanted);
            }
            return holds;
        }
        var before = conditions.get(at);
        if (wanted.getStatus().equals(before.getStatus())
                && reason.equals(before.getReason())
                && message.equals(before.getMessage())) {
            return false;
        }
        conditions.set(at, wanted);
        status.setConditions(conditions);
        return true;
    }

    private static List<String> types(List<JobCondition> conditions) {
        return conditions.stream().map(JobCondition::getType).toList();
    }
}
