package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes down what became of a job's pods, each once, also when this process dies in between: a finished pod is first written as uncounted, then its finalizer is
 * removed, and only then does it move into the number. A job ends when nothing is left to count and no pod is left.
 */
final class Tracking {
    /** So many are written as uncounted at most, to keep the status small. */
    private static final int MOST_UNCOUNTED = 500;

    private final Finalizers finalizers;
    private final UnaryOperator<Job> write;
    private final Consumer<JobSync> written;

    /**
     * Tracks jobs.
     *
     * @param write writes a job's status and returns the job as it is then
     * @param written is told after the first write of a pass, from when on the pass's failures are on record
     */
    Tracking(Finalizers finalizers, UnaryOperator<Job> write, Consumer<JobSync> written) {
        this.finalizers = finalizers;
        this.write = write;
        this.written = written;
    }

    /**
     * Ends a pass.
     *
     * @param changed whether the status has to be written in any case
     * @return whether the job has finished; {@code sync.ending} says how
     */
    boolean finish(JobSync sync, boolean changed) throws InterruptedException {
        var kept = sync.pods.stream()
                .filter(sync::isToBeCounted)
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toCollection(HashSet::new));
        boolean dirty = changed;
        dirty |= countReleased(sync.job.getStatus(), kept);
        var toRelease = new ArrayList<Pod>();
        dirty |= noteFinished(sync, toRelease);
        boolean all = toRelease.size() < MOST_UNCOUNTED;
        dirty |= noteIndexes(sync);
        dirty |= noteEnding(sync);
        if (dirty) {
            sync.job = write.apply(sync.job);
            written.accept(sync);
        }
        var released = finalizers.release(sync.key, toRelease);
        released.pods().forEach(pod -> kept.remove(pod.getMetadata().getUid()));
        dirty = countReleased(sync.job.getStatus(), kept);
        Optional<KubernetesClientException> failure = released.failure();
        boolean finished = failure.isEmpty() && all && end(sync);
        if (dirty || finished) {
            sync.job = write.apply(sync.job);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return finished;
    }

    /** Moves those that have no finalizer any more from the uncounted into the numbers. */
    private static boolean countReleased(JobStatus status, Set<String> kept) {
        var uncounted = status.getUncountedTerminatedPods();
        var succeeded = uncounted.getSucceeded().stream().filter(kept::contains).toList();
        var failed = uncounted.getFailed().stream().filter(kept::contains).toList();
        int newlySucceeded = uncounted.getSucceeded().size() - succeeded.size();
        int newlyFailed = uncounted.getFailed().size() - failed.size();
        uncounted.setSucceeded(new ArrayList<>(succeeded));
        uncounted.setFailed(new ArrayList<>(failed));
        if (newlySucceeded > 0) {
            status.setSucceeded(JobSpecs.number(status.getSucceeded()) + newlySucceeded);
        }
        if (newlyFailed > 0) {
            status.setFailed(JobSpecs.number(status.getFailed()) + newlyFailed);
        }
        return newlySucceeded + newlyFailed > 0;
    }

    /** Writes finished pods as uncounted and collects those whose finalizer may go; an index is enough to know a success again. */
    private static boolean noteFinished(JobSync sync, List<Pod> toRelease) {
        boolean changed = false;
        boolean indexed = JobSpecs.isIndexed(sync.job);
        var uncounted = sync.job.getStatus().getUncountedTerminatedPods();
        var pods = new ArrayList<>(sync.pods);
        if (indexed) {
            pods.sort(Comparator.comparingInt(JobPods::index));
        }
        for (Pod pod : pods) {
            boolean failed = JobPods.hasFailed(pod, sync.job);
            if (!sync.isToBeCounted(pod) || !mayRelease(sync, pod, failed)) {
                continue;
            }
            toRelease.add(pod);
            String uid = pod.getMetadata().getUid();
            if (JobPods.hasSucceeded(pod) && !uncounted.getFailed().contains(uid)) {
                if (!indexed && !uncounted.getSucceeded().contains(uid)) {
                    uncounted.getSucceeded().add(uid);
                    changed = true;
                }
            } else if ((failed || endsInFailure(sync))
                    && !uncounted.getFailed().contains(uid)
                    && (!indexed || sync.hasValidIndex(pod))
                    && FailureVerdict.of(sync.job, pod).counts()) {
                uncounted.getFailed().add(uid);
                changed = true;
            }
            if (toRelease.size() >= MOST_UNCOUNTED) {
                break;
            }
        }
        return changed;
    }

    /** In a job that fails every pod that has not ended by itself is a failed one. */
    private static boolean endsInFailure(JobSync sync) {
        return sync.ending != null && !JobEndings.SUCCESS.equals(sync.ending.getType());
    }

    private static boolean mayRelease(JobSync sync, Pod pod, boolean failed) {
        if (sync.job.getMetadata().getDeletionTimestamp() != null || sync.ending != null || JobPods.hasSucceeded(pod)) {
            return true;
        }
        var waiting = sync.awaitingReplacement.get(JobPods.index(pod));
        return failed
                && (waiting == null
                        || !waiting.getMetadata()
                                .getUid()
                                .equals(pod.getMetadata().getUid()));
    }

    private static boolean noteIndexes(JobSync sync) {
        if (!JobSpecs.isIndexed(sync.job)) {
            return false;
        }
        var status = sync.job.getStatus();
        String completed = sync.succeededIndexes.toString();
        String failed = sync.failedIndexes == null ? null : sync.failedIndexes.toString();
        boolean changed = !completed.equals(java.util.Objects.requireNonNullElse(status.getCompletedIndexes(), ""))
                || !java.util.Objects.equals(failed, status.getFailedIndexes());
        status.setSucceeded(sync.succeededIndexes.total());
        status.setCompletedIndexes(completed.isEmpty() ? null : completed);
        status.setFailedIndexes(failed);
        return changed;
    }

    /** Writes the interim condition, before any finalizer goes and so before the reason can be lost with a pod; then holds the final one ready. */
    private static boolean noteEnding(JobSync sync) {
        if (sync.ending == null) {
            return false;
        }
        boolean changed = false;
        String type = sync.ending.getType();
        if (type.equals(JobEndings.FAILURE)
                || (type.equals(JobEndings.SUCCESS)
                        && JobSpecs.condition(sync.job, JobEndings.SUCCESS).isEmpty())) {
            JobConditions.add(sync.job.getStatus(), sync.ending);
            changed = true;
        }
        sync.ending = JobConditions.as(type.equals(JobEndings.SUCCESS) ? "Complete" : "Failed", sync.ending, sync.now);
        return changed;
    }

    private static boolean end(JobSync sync) {
        var status = sync.job.getStatus();
        var uncounted = status.getUncountedTerminatedPods();
        if (sync.ending == null
                || sync.terminating > 0
                || !uncounted.getSucceeded().isEmpty()
                || !uncounted.getFailed().isEmpty()) {
            return false;
        }
        var ending = sync.ending;
        JobConditions.set(status, ending.getType(), true, ending.getReason(), ending.getMessage(), sync.now);
        if (ending.getType().equals("Complete")) {
            status.setCompletionTime(ending.getLastTransitionTime());
        }
        return true;
    }
}
