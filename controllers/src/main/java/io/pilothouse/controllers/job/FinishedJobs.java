package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.time.Duration;
import java.time.Instant;

/** Deletes jobs with a time to live once it has passed since they finished. */
public final class FinishedJobs {
    private final ControllerContext context;
    private final Cache<Job> jobs;

    /** Joins a context. */
    public FinishedJobs(ControllerContext context, int workers) {
        this.context = context;
        this.jobs = context.cache(Job.class);
        var queue = context.queue("ttl-after-finished", workers, this::reconcile);
        jobs.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
    }

    private Outcome reconcile(Key key) {
        var job = jobs.find(key)
                .filter(found -> !Owners.isDeleting(found)
                        && found.getStatus() != null
                        && found.getSpec().getTtlSecondsAfterFinished() != null);
        var finished = job.flatMap(found -> found.getStatus().getConditions().stream()
                .filter(condition -> ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType()))
                        && "True".equals(condition.getStatus()))
                .findFirst());
        if (job.isEmpty() || finished.isEmpty()) {
            return Outcome.done();
        }
        Duration left = Duration.between(
                context.clock().instant(),
                Instant.parse(finished.get().getLastTransitionTime())
                        .plusSeconds(job.get().getSpec().getTtlSecondsAfterFinished()));
        if (left.isPositive()) {
            return Outcome.after(left);
        }
        context.client()
                .resource(job.get())
                .withPropagationPolicy(io.fabric8.kubernetes.api.model.DeletionPropagation.FOREGROUND)
                .delete();
        return Outcome.done();
    }
}
