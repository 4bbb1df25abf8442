package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;

/** Takes the tracking finalizer off pods that no job counts any more, else they could never go. */
final class OrphanedPods {
    /** Pods to look at. */
    private sealed interface Suspects {
        record One(Key pod) implements Suspects {}

        record Of(String namespace, LabelSelector selector) implements Suspects {}
    }

    private final Cache<Job> jobs;
    private final Cache<Pod> pods;
    private final Finalizers finalizers;
    private final WorkQueue<Suspects> queue;

    OrphanedPods(ControllerContext context, int workers, Finalizers finalizers) {
        this.jobs = context.cache(Job.class);
        this.pods = context.cache(Pod.class);
        this.finalizers = finalizers;
        this.queue = context.queueOf("job-orphan-pod", workers, this::reconcile);
        jobs.on(
                added -> {},
                (before, after) -> {
                    if (JobSpecs.isFinished(after)) {
                        sweep(after);
                    }
                },
                this::sweep);
        pods.on(
                added -> suspect(added, Owners.isDeleting(added)),
                (before, after) -> suspect(after, Owners.isDeleting(after)),
                gone -> {});
    }

    private void sweep(Job job) {
        queue.add(
                new Suspects.Of(job.getMetadata().getNamespace(), job.getSpec().getSelector()));
    }

    private void suspect(Pod pod, boolean going) {
        if (JobPods.isTracked(pod) && (Owners.controllerOf(pod).isEmpty() || (going && isOrphan(pod)))) {
            queue.add(new Suspects.One(Key.of(pod)));
        }
    }

    private Outcome reconcile(Suspects suspects) {
        switch (suspects) {
            case Suspects.One(var key) -> pods.find(key).filter(this::isOrphan).ifPresent(finalizers::remove);
            case Suspects.Of(var namespace, var selector) ->
                pods.inNamespace(namespace).stream()
                        .filter(pod -> JobPods.isTracked(pod)
                                && Selectors.matches(selector, pod.getMetadata().getLabels())
                                && isOrphan(pod))
                        .forEach(finalizers::remove);
        }
        return Outcome.done();
    }

    private boolean isOrphan(Pod pod) {
        var owner = Owners.controllerOf(pod);
        if (owner.isEmpty()) {
            return true;
        }
        if (!"Job".equals(owner.get().getKind())
                || !"batch/v1".equals(owner.get().getApiVersion())) {
            return false;
        }
        return jobs.find(pod.getMetadata().getNamespace(), owner.get().getName())
                .filter(job -> Owners.controls(job, pod))
                .map(job -> JobSpecs.isFinished(job) && !JobSpecs.isManagedElsewhere(job))
                .orElse(true);
    }
}
