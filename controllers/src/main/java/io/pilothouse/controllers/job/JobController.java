package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.pods.Expectations;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs the pods of jobs until enough have succeeded or too many have failed. */
public final class JobController {
    /** What pods and statuses tell is gathered for so long, so that a big job is not written once for each of its pods. */
    private static final Duration BATCH = Duration.ofSeconds(1);

    private final ControllerContext context;
    private final Cache<Job> jobs;
    private final PodControl control;
    private final Finalizers finalizers;
    private final PodCount count;
    private final Tracking tracking;
    private final OwnWrites writes = new OwnWrites();
    private final Map<Key, Backoff> backoffs = new ConcurrentHashMap<>();

    /** Joins a context. */
    public JobController(ControllerContext context, int workers) {
        this.context = context;
        this.jobs = context.cache(Job.class);
        var pods = context.cache(Pod.class);
        this.finalizers = new Finalizers(context.client());
        this.control = new PodControl(context.client(), context.events(), pods, new Expectations(context.clock()));
        this.count = new PodCount(control, finalizers);
        this.tracking = new Tracking(finalizers, this::write, sync -> backoffs.put(sync.key, sync.backoff));
        WorkQueue<Key> queue = context.queue("job", workers, this::reconcile);
        jobs.on(
                added -> queue.add(Key.of(added)),
                (before, after) -> {
                    boolean asked = !Objects.equals(
                            before.getMetadata().getGeneration(),
                            after.getMetadata().getGeneration());
                    queue.addAfter(Key.of(after), asked ? Duration.ZERO : BATCH);
                },
                gone -> {
                    writes.forget(gone);
                    queue.add(Key.of(gone));
                });
        pods.on(
                added -> {},
                (before, after) -> {
                    if (!JobPods.isTracked(after)) {
                        finalizers.seenRemoved(after);
                        finalizers.seenRemoved(before);
                    }
                },
                finalizers::seenRemoved);
        control.watch(
                "Job",
                key -> queue.addAfter(key, BATCH),
                pod -> jobs.inNamespace(pod.getMetadata().getNamespace()).stream()
                        .filter(job -> Selectors.matches(
                                job.getSpec().getSelector(), pod.getMetadata().getLabels()))
                        .map(Key::of)
                        .toList());
        new OrphanedPods(context, workers, finalizers);
    }

    private Job write(Job job) {
        Job written = context.client().resource(job).updateStatus();
        writes.wrote(written);
        return written;
    }

    private Outcome reconcile(Key key) throws InterruptedException {
        var found = jobs.find(key);
        if (found.isEmpty()) {
            control.expectations().forget(key);
            finalizers.forget(key);
            backoffs.remove(key);
            return Outcome.done();
        }
        Job job = found.get();
        if (JobSpecs.isManagedElsewhere(job)) {
            return Outcome.done();
        }
        if (JobSpecs.isFinished(job)) {
            backoffs.remove(key);
            writes.forget(job);
            return Outcome.done();
        }
        // Where the cache lags behind our own write, the event that it waits for queues the job again.
        return writes.hasSeen(job) ? pass(key, job) : Outcome.done();
    }

    private Outcome pass(Key key, Job job) throws InterruptedException {
        boolean met = control.expectations().met(key);
        var pods = control.claim(
                job,
                pod -> Selectors.matches(
                        job.getSpec().getSelector(), pod.getMetadata().getLabels()),
                JobPods.FINALIZER);
        var sync = new JobSync(
                job,
                pods,
                finalizers.removed(key),
                backoffs.getOrDefault(key, Backoff.NONE),
                context.clock().instant());
        var status = sync.job.getStatus();
        if (status.getStartTime() == null && !JobSpecs.isSuspended(job)) {
            status.setStartTime(JobConditions.time(sync.now));
        }
        JobEndings.judge(sync);
        Optional<KubernetesClientException> failure;
        boolean changed = false;
        if (sync.ending != null) {
            failure = count.end(sync);
            if (sync.activeCount > 0 || !met) {
                // There may be pods that the cache has not shown yet.
                sync.ending = null;
            }
        } else {
            boolean adjusts = met && job.getMetadata().getDeletionTimestamp() == null;
            failure = adjusts ? count.adjust(sync) : Optional.empty();
            JobEndings.judgeCompletion(sync);
            if (sync.ending == null && adjusts) {
                changed = suspendOrResume(sync);
            }
        }
        changed |= count(sync);
        if (tracking.finish(sync, changed)) {
            report(sync);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return sync.comeBack.map(Outcome::after).orElse(Outcome.done());
    }

    private boolean suspendOrResume(JobSync sync) {
        var status = sync.job.getStatus();
        boolean suspended = JobSpecs.isSuspended(sync.job);
        String reason = suspended ? "JobSuspended" : "JobResumed";
        String message = suspended ? "Job suspended" : "Job resumed";
        if (!JobConditions.set(status, "Suspended", suspended, reason, message, sync.now)) {
            return false;
        }
        context.events().normal(sync.job, suspended ? "Suspended" : "Resumed", message);
        // The deadline counts from when it last became active.
        status.setStartTime(suspended ? null : JobConditions.time(sync.now));
        return true;
    }

    private static boolean count(JobSync sync) {
        var status = sync.job.getStatus();
        boolean changed = JobSpecs.number(status.getActive()) != sync.activeCount
                || !Objects.equals(status.getReady(), sync.ready)
                || !Objects.equals(status.getTerminating(), sync.terminating);
        status.setActive(sync.activeCount == 0 ? null : Integer.valueOf(sync.activeCount));
        status.setReady(sync.ready);
        status.setTerminating(sync.terminating);
        return changed;
    }

    private void report(JobSync sync) {
        var ending = Objects.requireNonNull(sync.ending);
        if (!ending.getType().equals("Complete")) {
            context.events().warning(sync.job, ending.getReason(), ending.getMessage());
            return;
        }
        Integer completions = sync.job.getSpec().getCompletions();
        if (completions != null && JobSpecs.number(sync.job.getStatus().getSucceeded()) > completions) {
            context.events()
                    .warning(
                            sync.job,
                            "TooManySucceededPods",
                            "Too many succeeded pods running after completion count reached");
        }
        context.events().normal(sync.job, "Completed", "Job completed");
    }
}
