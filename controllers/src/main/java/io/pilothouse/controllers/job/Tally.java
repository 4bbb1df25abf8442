package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts a job's finished pods, each once, also when this process dies in between: a finished pod is first written down as uncounted, then its
 * finalizer is removed, and only then does it move into the number.
 */
final class Tally {
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";

    private final Job job;
    private final List<Pod> pods;
    final List<String> uncountedSucceeded = new ArrayList<>();
    final List<String> uncountedFailed = new ArrayList<>();
    final SortedSet<Integer> completedIndexes;
    int succeeded;
    int failed;

    Tally(Job job, List<Pod> pods) {
        this.job = job;
        this.pods = pods;
        JobStatus status = job.getStatus() == null ? new JobStatus() : job.getStatus();
        succeeded = number(status.getSucceeded());
        failed = number(status.getFailed());
        completedIndexes = Indexes.parse(status.getCompletedIndexes());
        Map<String, Pod> byUid =
                pods.stream().collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), Function.identity()));
        var uncounted = status.getUncountedTerminatedPods();
        if (uncounted != null) {
            for (String uid : uncounted.getSucceeded()) {
                if (isTracked(byUid, uid)) {
                    uncountedSucceeded.add(uid);
                } else if (!isIndexed()) {
                    succeeded++;
                }
            }
            for (String uid : uncounted.getFailed()) {
                if (isTracked(byUid, uid)) {
                    uncountedFailed.add(uid);
                } else {
                    failed++;
                }
            }
        }
        for (Pod pod : pods) {
            note(pod);
        }
    }

    private void note(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (!pod.getMetadata().getFinalizers().contains(FINALIZER)
                || uncountedSucceeded.contains(uid)
                || uncountedFailed.contains(uid)) {
            return;
        }
        if (PodStates.phase(pod).equals("Succeeded")) {
            uncountedSucceeded.add(uid);
            if (isIndexed()) {
                completedIndexes.add(index(pod));
            }
        } else if (PodStates.phase(pod).equals("Failed")
                || (Owners.isDeleting(pod) && PodStates.node(pod).isEmpty())) {
            uncountedFailed.add(uid);
        }
    }

    private static boolean isTracked(Map<String, Pod> byUid, String uid) {
        Pod pod = byUid.get(uid);
        return pod != null && pod.getMetadata().getFinalizers().contains(FINALIZER);
    }

    boolean isIndexed() {
        return "Indexed".equals(job.getSpec().getCompletionMode());
    }

    /** All that succeeded, counted or about to be. */
    int allSucceeded() {
        return isIndexed() ? completedIndexes.size() : succeeded + uncountedSucceeded.size();
    }

    int allFailed() {
        return failed + uncountedFailed.size();
    }

    List<Pod> active() {
        return pods.stream().filter(PodStates::isActive).toList();
    }

    /** Deleted and not gone yet. */
    int terminating() {
        return (int) pods.stream()
                .filter(pod -> Owners.isDeleting(pod) && !PodStates.isFinished(pod))
                .count();
    }

    /** The pods whose finalizer is to go once the tally is written. */
    List<Pod> toRelease() {
        return pods.stream()
                .filter(pod -> uncountedSucceeded.contains(pod.getMetadata().getUid())
                        || uncountedFailed.contains(pod.getMetadata().getUid()))
                .filter(pod -> pod.getMetadata().getFinalizers().contains(FINALIZER))
                .toList();
    }

    /** Nothing is left to move into the numbers. */
    boolean isSettled() {
        return uncountedSucceeded.isEmpty() && uncountedFailed.isEmpty();
    }

    static int index(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        String index = annotations == null ? null : annotations.get(INDEX);
        return index == null ? -1 : Integer.parseInt(index);
    }

    static int number(@org.jspecify.annotations.Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
