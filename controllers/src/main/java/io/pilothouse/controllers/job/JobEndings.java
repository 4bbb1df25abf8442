package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Judges whether a job is to end, before anything is done about its pods. The first reason in this order counts: what an earlier pass decided, failure, success. */
final class JobEndings {
    static final String FAILURE = "FailureTarget";
    static final String SUCCESS = "SuccessCriteriaMet";

    private JobEndings() {}

    static void judge(JobSync sync) {
        sync.ending = decided(sync)
                .or(() -> byFailurePolicy(sync))
                .or(() -> byBackoffLimit(sync))
                .or(() -> byDeadline(sync))
                .or(() -> byFailedIndexes(sync))
                .or(() -> bySuccessPolicy(sync))
                .orElse(null);
    }

    /** Enough pods have succeeded and none is left running. */
    static void judgeCompletion(JobSync sync) {
        Integer completions = sync.job.getSpec().getCompletions();
        boolean enough = completions == null ? sync.succeeded > 0 : sync.succeeded >= completions;
        if (enough && sync.activeCount == 0) {
            sync.ending = JobConditions.of(
                    SUCCESS, "CompletionsReached", "Reached expected number of succeeded pods", sync.now);
        }
    }

    private static Optional<JobCondition> decided(JobSync sync) {
        return JobSpecs.condition(sync.job, SUCCESS)
                .or(() -> JobSpecs.condition(sync.job, FAILURE)
                        .map(target -> JobConditions.as("Failed", target, sync.now)));
    }

    private static Optional<JobCondition> byFailurePolicy(JobSync sync) {
        if (sync.job.getSpec().getPodFailurePolicy() == null) {
            return Optional.empty();
        }
        return sync.pods.stream()
                .filter(pod -> JobPods.hasFailed(pod, sync.job))
                .map(pod -> FailureVerdict.of(sync.job, pod))
                .filter(FailureVerdict::failsJob)
                .findFirst()
                .map(verdict -> failure(sync, "PodFailurePolicy", verdict.message()));
    }

    private static Optional<JobCondition> byBackoffLimit(JobSync sync) {
        return sync.failed > JobSpecs.backoffLimit(sync.job) || restartedTooOften(sync)
                ? Optional.of(failure(sync, "BackoffLimitExceeded", "Job has reached the specified backoff limit"))
                : Optional.empty();
    }

    /** Containers that restart in place count as failures too. */
    private static boolean restartedTooOften(JobSync sync) {
        Job job = sync.job;
        if (!"OnFailure".equals(job.getSpec().getTemplate().getSpec().getRestartPolicy())) {
            return false;
        }
        int restarts = sync.pods.stream().mapToInt(JobEndings::restarts).sum();
        return restarts >= Math.max(1, JobSpecs.backoffLimit(job));
    }

    private static int restarts(Pod pod) {
        var status = pod.getStatus();
        if (status == null || !("Running".equals(status.getPhase()) || "Pending".equals(status.getPhase()))) {
            return 0;
        }
        return java.util.stream.Stream.concat(
                        status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                .mapToInt(container -> JobSpecs.number(container.getRestartCount()))
                .sum();
    }

    private static Optional<JobCondition> byDeadline(JobSync sync) {
        Long seconds = sync.job.getSpec().getActiveDeadlineSeconds();
        String start = sync.job.getStatus().getStartTime();
        if (seconds == null || start == null || JobSpecs.isSuspended(sync.job)) {
            return Optional.empty();
        }
        Duration left = Duration.between(sync.now, Instant.parse(start).plusSeconds(seconds));
        if (left.isPositive()) {
            sync.comeBackAfter(left);
            return Optional.empty();
        }
        return Optional.of(failure(sync, "DeadlineExceeded", "Job was active longer than specified deadline"));
    }

    private static Optional<JobCondition> byFailedIndexes(JobSync sync) {
        if (sync.failedIndexes == null) {
            return Optional.empty();
        }
        int failed = sync.failedIndexes.total();
        Integer most = sync.job.getSpec().getMaxFailedIndexes();
        if (most != null && failed > most) {
            return Optional.of(failure(
                    sync,
                    "MaxFailedIndexesExceeded",
                    "Job has exceeded the specified maximal number of failed indexes"));
        }
        return failed > 0 && failed + sync.succeededIndexes.total() >= JobSpecs.completions(sync.job)
                ? Optional.of(failure(sync, "FailedIndexes", "Job has failed indexes"))
                : Optional.empty();
    }

    private static Optional<JobCondition> bySuccessPolicy(JobSync sync) {
        return SuccessRules.met(sync.job, sync.succeededIndexes)
                .map(message -> JobConditions.of(SUCCESS, "SuccessPolicy", message, sync.now));
    }

    private static JobCondition failure(JobSync sync, String reason, String message) {
        return JobConditions.of(FAILURE, reason, message, sync.now);
    }
}
