package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.pods.DeletionOrder;
import io.pilothouse.controllers.pods.PodControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings the number of a job's running pods to what it asks for: either deletes or creates, at most 500 a pass. */
final class PodCount {
    private static final int MOST_AT_ONCE = 500;
    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);

    private final PodControl control;
    private final Finalizers finalizers;

    PodCount(PodControl control, Finalizers finalizers) {
        this.control = control;
        this.finalizers = finalizers;
    }

    /** Deletes all that run; their finalizers stay until they have been counted. */
    Optional<KubernetesClientException> end(JobSync sync) throws InterruptedException {
        var deleted = control.deleteEach(sync.job, sync.active);
        sync.deleted(deleted.pods());
        return deleted.failure();
    }

    /** Creates or deletes pods; returns the first failure. */
    Optional<KubernetesClientException> adjust(JobSync sync) throws InterruptedException {
        int wanted = wanted(sync);
        var superfluous = superfluous(sync, Math.max(0, sync.active.size() - wanted));
        if (!superfluous.isEmpty()) {
            return delete(sync, superfluous);
        }
        int waitedFor = JobSpecs.replacesFailedOnly(sync.job) ? sync.terminating : 0;
        int missing = wanted - waitedFor - sync.activeCount;
        return missing > 0 ? create(sync, Math.min(missing, MOST_AT_ONCE)) : Optional.empty();
    }

    private static int wanted(JobSync sync) {
        Job job = sync.job;
        if (JobSpecs.isSuspended(job)) {
            return 0;
        }
        Integer completions = job.getSpec().getCompletions();
        if (completions == null) {
            // One success is enough; what runs by then may go on.
            return sync.succeeded > 0 ? sync.activeCount : JobSpecs.parallelism(job);
        }
        return Math.max(0, Math.min(JobSpecs.parallelism(job), completions - sync.succeeded));
    }

    /** Of an indexed job those without a fitting index and all but one of an index go, however many are wanted. */
    private static List<Pod> superfluous(JobSync sync, int atLeast) {
        var chosen = new ArrayList<Pod>();
        var left = new ArrayList<Pod>();
        if (JobSpecs.isIndexed(sync.job)) {
            sync.active.stream()
                    .collect(Collectors.groupingBy(
                            pod -> sync.hasValidIndex(pod) ? JobPods.index(pod) : JobPods.NO_INDEX))
                    .forEach((index, same) -> {
                        int keep = index == JobPods.NO_INDEX ? 0 : 1;
                        var ordered = DeletionOrder.youngest(same.size(), same);
                        chosen.addAll(ordered.subList(0, same.size() - keep));
                        left.addAll(ordered.subList(same.size() - keep, same.size()));
                    });
        } else {
            left.addAll(sync.active);
        }
        if (chosen.size() < atLeast) {
            chosen.addAll(DeletionOrder.youngest(atLeast - chosen.size(), left));
        }
        return chosen.subList(0, Math.min(chosen.size(), MOST_AT_ONCE));
    }

    /** The finalizer goes first: a pod that was not wanted is not counted as failed. */
    private Optional<KubernetesClientException> delete(JobSync sync, List<Pod> superfluous)
            throws InterruptedException {
        var removed = finalizers.remove(superfluous);
        var deleted = control.deleteEach(sync.job, removed.pods());
        sync.deleted(deleted.pods());
        return removed.failure().or(deleted::failure);
    }

    private Optional<KubernetesClientException> create(JobSync sync, int missing) throws InterruptedException {
        Job job = sync.job;
        List<Pod> pods;
        if (!JobSpecs.limitsIndexes(job)) {
            Duration wait = sync.backoff.remaining(sync.now);
            if (wait.isPositive()) {
                sync.comeBackAfter(atLeastTheShortest(wait));
                return Optional.empty();
            }
        }
        if (JobSpecs.isIndexed(job)) {
            pods = due(sync, pendingIndexes(sync, missing)).stream()
                    .map(index -> NewPods.indexed(job, index, sync.awaitingReplacement.get(index)))
                    .toList();
        } else {
            pods = Collections.nCopies(missing, NewPods.plain(job));
        }
        var created = control.createEach(job, pods);
        sync.activeCount += created.pods().size();
        return created.failure();
    }

    /** The lowest that neither run nor have ended. */
    private static List<Integer> pendingIndexes(JobSync sync, int count) {
        var taken = sync.succeededIndexes.with(JobPods.indexes(sync.active));
        if (JobSpecs.replacesFailedOnly(sync.job)) {
            taken = taken.with(JobPods.indexes(
                    sync.pods.stream().filter(JobPods::isTerminating).toList()));
        }
        if (sync.failedIndexes != null) {
            taken = taken.with(sync.failedIndexes);
        }
        return taken.missing(count, JobSpecs.completions(sync.job));
    }

    /** Those of these indexes that need not wait after a failure of their own. */
    private static List<Integer> due(JobSync sync, List<Integer> indexes) {
        if (!JobSpecs.limitsIndexes(sync.job)) {
            return indexes;
        }
        var waits = indexes.stream()
                .collect(Collectors.toMap(
                        index -> index,
                        index -> Backoff.ofIndex(sync.awaitingReplacement.get(index))
                                .remaining(sync.now)));
        waits.values().stream()
                .filter(Duration::isPositive)
                .min(Comparator.naturalOrder())
                .ifPresent(wait -> sync.comeBackAfter(atLeastTheShortest(wait)));
        return indexes.stream()
                .filter(index -> !waits.getOrDefault(index, Duration.ZERO).isPositive())
                .toList();
    }

    private static Duration atLeastTheShortest(Duration wait) {
        return wait.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : wait;
    }
}
