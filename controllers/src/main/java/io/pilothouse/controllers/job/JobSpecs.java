package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a job asks for, and what its status says became of it. */
final class JobSpecs {
    /** What {@code spec.managedBy} names when this controller is meant. */
    static final String OURS = "kubernetes.io/job-controller";

    private JobSpecs() {}

    static boolean isIndexed(Job job) {
        return "Indexed".equals(job.getSpec().getCompletionMode());
    }

    static boolean isSuspended(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    /** Whether each index has a backoff limit of its own. */
    static boolean limitsIndexes(Job job) {
        return job.getSpec().getBackoffLimitPerIndex() != null;
    }

    static int backoffLimit(Job job) {
        return Objects.requireNonNullElse(job.getSpec().getBackoffLimit(), 6);
    }

    static int parallelism(Job job) {
        return Objects.requireNonNullElse(job.getSpec().getParallelism(), 1);
    }

    /** How many completions an indexed job has: one for each index. */
    static int completions(Job job) {
        return Objects.requireNonNullElse(job.getSpec().getCompletions(), 1);
    }

    /** Whether a pod that is on its way out is replaced only once it has ended. */
    static boolean replacesFailedOnly(Job job) {
        return "Failed".equals(job.getSpec().getPodReplacementPolicy())
                || job.getSpec().getPodFailurePolicy() != null;
    }

    /** Whether somebody else's controller looks after it. */
    static boolean isManagedElsewhere(Job job) {
        String manager = job.getSpec().getManagedBy();
        return manager != null && !manager.equals(OURS);
    }

    static boolean isFinished(Job job) {
        return end(job).isPresent();
    }

    /** The true condition Complete or Failed. */
    static Optional<JobCondition> end(Job job) {
        return condition(job, "Complete").or(() -> condition(job, "Failed"));
    }

    /** The condition of this type, if it is true. */
    static Optional<JobCondition> condition(Job job, String type) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .findFirst();
    }

    static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
