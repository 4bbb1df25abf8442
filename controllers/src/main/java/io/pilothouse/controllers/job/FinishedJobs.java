package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deletes jobs with a time to live once it has passed since they finished. */
public final class FinishedJobs {
    private final ControllerContext context;
    private final Cache<Job> jobs;

    /** Joins a context. */
    public FinishedJobs(ControllerContext context, int workers) {
        this.context = context;
        this.jobs = context.cache(Job.class);
        var queue = context.queue("ttl-after-finished", workers, this::reconcile);
        Consumer<Job> seen = job -> {
            if (end(job).isPresent()) {
                queue.add(Key.of(job));
            }
        };
        jobs.on(seen, (before, after) -> seen.accept(after), deleted -> {});
    }

    /** When its time is up; empty where it has no time or is not finished, or is going already. */
    private static Optional<Instant> end(@Nullable Job job) {
        if (job == null || Owners.isDeleting(job) || job.getSpec().getTtlSecondsAfterFinished() == null) {
            return Optional.empty();
        }
        return JobSpecs.end(job)
                .map(end -> Instant.parse(end.getLastTransitionTime())
                        .plusSeconds(job.getSpec().getTtlSecondsAfterFinished()));
    }

    private Outcome reconcile(Key key) {
        var end = jobs.find(key).flatMap(FinishedJobs::end);
        if (end.isEmpty()) {
            return Outcome.done();
        }
        Duration left = left(end.get());
        return left.isPositive() ? Outcome.after(left) : delete(key);
    }

    /** The cache may not have seen that the time was changed: what the server says now counts. */
    private Outcome delete(Key key) {
        var fresh = context.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(key.namespace())
                .withName(key.name())
                .get();
        var end = end(fresh);
        if (end.isEmpty()) {
            return Outcome.done();
        }
        Duration left = left(end.get());
        if (left.isPositive()) {
            return Outcome.after(left);
        }
        var options = new DeleteOptionsBuilder()
                .withPropagationPolicy("Foreground")
                .withNewPreconditions()
                .withUid(fresh.getMetadata().getUid())
                .endPreconditions()
                .build();
        try {
            context.client()
                    .raw("/apis/batch/v1/namespaces/" + key.namespace() + "/jobs/" + key.name(), "DELETE", options);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
        return Outcome.done();
    }

    private Duration left(Instant end) {
        return Duration.between(context.clock().instant(), end);
    }
}
