package io.pilothouse.controllers.cronjob;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What became of a cron job's jobs. */
final class JobHistory {
    private JobHistory() {}

    /** Complete or Failed; empty while a job is at work. */
    static Optional<String> end(Job job) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition ->
                                ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType()))
                                        && "True".equals(condition.getStatus()))
                        .map(condition -> condition.getType())
                        .findFirst();
    }

    /** The oldest of the finished, beyond what the cron job keeps. */
    static List<Job> superfluous(CronJob owner, List<Job> jobs) {
        var failed = beyond(
                jobs, "Failed", Objects.requireNonNullElse(owner.getSpec().getFailedJobsHistoryLimit(), 1));
        var complete = beyond(
                jobs, "Complete", Objects.requireNonNullElse(owner.getSpec().getSuccessfulJobsHistoryLimit(), 3));
        return java.util.stream.Stream.concat(failed.stream(), complete.stream())
                .toList();
    }

    private static List<Job> beyond(List<Job> jobs, String end, int limit) {
        var ended = jobs.stream()
                .filter(job -> end(job).filter(end::equals).isPresent())
                .sorted(Comparator.comparing(JobHistory::started)
                        .thenComparing(job -> job.getMetadata().getName()))
                .toList();
        return ended.subList(0, Math.max(0, ended.size() - limit));
    }

    private static String started(Job job) {
        return Objects.requireNonNullElse(job.getStatus().getStartTime(), "");
    }
}
