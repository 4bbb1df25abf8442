package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.workqueue.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One pass over a job: what it and its pods show, and what the steps of the pass have made of it so far. Of one thread. */
final class JobSync {
    final Key key;
    final Instant now;
    final List<Pod> pods;

    /** Neither finished nor on their way out when the pass began. */
    final List<Pod> active;

    /** The pods that this process has taken the finalizer off, and whose cache has not shown it yet. */
    final Set<String> released;

    /** New since the last pass: not counted in the status, not even as uncounted. */
    final List<Pod> newlySucceeded;

    final List<Pod> newlyFailed;
    final Backoff backoff;

    /** A copy, whose status the pass changes. */
    Job job;

    int activeCount;
    int ready;
    int terminating;
    int succeeded;
    int failed;
    Indexes succeededBefore = Indexes.NONE;
    Indexes succeededIndexes = Indexes.NONE;

    /** None unless each index has a limit of its own. */
    @Nullable
    Indexes failedIndexes;

    /** By index, the failed pods that stay until their replacement has taken over their count of failures. */
    Map<Integer, Pod> awaitingReplacement = Map.of();

    /** Why the job is to end. */
    @Nullable
    JobCondition ending;

    /** When to look again even if nothing changes. */
    Optional<Duration> comeBack = Optional.empty();

    JobSync(Job shared, List<Pod> pods, Set<String> released, Backoff before, Instant now) {
        this.key = Key.of(shared);
        this.now = now;
        this.pods = pods;
        this.released = released;
        this.job = new JobBuilder(shared).build();
        if (job.getStatus() == null) {
            job.setStatus(new JobStatus());
        }
        JobStatus status = job.getStatus();
        if (status.getUncountedTerminatedPods() == null) {
            status.setUncountedTerminatedPods(new UncountedTerminatedPods());
        }
        var uncounted = status.getUncountedTerminatedPods();
        active = pods.stream().filter(PodStates::isActive).toList();
        activeCount = active.size();
        ready = (int) active.stream().filter(PodStates::isReady).count();
        terminating = (int) pods.stream().filter(JobPods::isTerminating).count();
        newlySucceeded = uncounted(Set.copyOf(uncounted.getSucceeded()), JobPods::hasSucceeded);
        newlyFailed = uncounted(Set.copyOf(uncounted.getFailed()), pod -> JobPods.hasFailed(pod, job));
        succeeded = JobSpecs.number(status.getSucceeded())
                + newlySucceeded.size()
                + uncounted.getSucceeded().size();
        failed = JobSpecs.number(status.getFailed())
                + (int) newlyFailed.stream()
                        .filter(pod -> FailureVerdict.of(job, pod).counts())
                        .count()
                + uncounted.getFailed().size();
        backoff = before.after(newlySucceeded, newlyFailed);
        if (JobSpecs.isIndexed(job)) {
            readIndexes();
        }
    }

    private void readIndexes() {
        int completions = JobSpecs.completions(job);
        succeededBefore = Indexes.parse(job.getStatus().getCompletedIndexes(), completions);
        succeededIndexes = succeededBefore.with(indexesOf(JobPods::hasSucceeded));
        succeeded = succeededIndexes.total();
        if (JobSpecs.limitsIndexes(job)) {
            failedIndexes = Indexes.parse(job.getStatus().getFailedIndexes(), completions)
                    .with(indexesOf(this::failsIndex));
            awaitingReplacement = awaitingReplacement(failedIndexes);
        }
    }

    private Set<Integer> indexesOf(Predicate<Pod> which) {
        var indexes = new HashSet<Integer>();
        pods.stream()
                .filter(pod -> JobPods.isTracked(pod) && hasValidIndex(pod) && which.test(pod))
                .forEach(pod -> indexes.add(JobPods.index(pod)));
        return indexes;
    }

    private boolean failsIndex(Pod pod) {
        if (!JobPods.hasFailed(pod, job)) {
            return false;
        }
        var verdict = FailureVerdict.of(job, pod);
        return verdict.failsIndex()
                || (verdict.counts() && JobPods.failures(pod) >= job.getSpec().getBackoffLimitPerIndex());
    }

    private Map<Integer, Pod> awaitingReplacement(Indexes failedIndexes) {
        var running = JobPods.indexes(active);
        var waiting = new HashMap<Integer, Pod>();
        for (Pod pod : uncounted(Set.of(), failed -> JobPods.hasFailed(failed, job))) {
            int index = JobPods.index(pod);
            if (!succeededIndexes.has(index) && !failedIndexes.has(index) && !running.has(index)) {
                waiting.merge(index, pod, JobSync::later);
            }
        }
        return waiting;
    }

    private static Pod later(Pod known, Pod other) {
        return JobPods.allFailures(known) <= JobPods.allFailures(other)
                        && !JobPods.finishedAt(other).isBefore(JobPods.finishedAt(known))
                ? other
                : known;
    }

    /** Those that are tracked still, whose finalizer is not just going, and whose index, if they need one, is one. */
    private List<Pod> uncounted(Set<String> known, Predicate<Pod> which) {
        return pods.stream()
                .filter(this::isToBeCounted)
                .filter(pod -> !known.contains(pod.getMetadata().getUid()))
                .filter(pod -> !JobSpecs.isIndexed(job) || hasValidIndex(pod))
                .filter(which)
                .toList();
    }

    boolean isToBeCounted(Pod pod) {
        return JobPods.isTracked(pod) && !released.contains(pod.getMetadata().getUid());
    }

    boolean hasValidIndex(Pod pod) {
        int index = JobPods.index(pod);
        return index != JobPods.NO_INDEX && index < JobSpecs.completions(job);
    }

    /** To look again after {@code delay}, or earlier where something has asked for it. */
    void comeBackAfter(Duration delay) {
        comeBack = comeBack.filter(earlier -> earlier.compareTo(delay) < 0).or(() -> Optional.of(delay));
    }

    /** Takes note that pods were deleted. */
    void deleted(List<Pod> gone) {
        activeCount -= gone.size();
        terminating += gone.size();
        ready -= (int) gone.stream().filter(PodStates::isReady).count();
    }
}
