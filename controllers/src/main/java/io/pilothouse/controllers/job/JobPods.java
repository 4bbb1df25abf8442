package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a job's pods carry and say. */
final class JobPods {
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
    static final String IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

    /** The index of a pod without a usable one. */
    static final int NO_INDEX = -1;

    private JobPods() {}

    /** Whether it is still to be counted: the finalizer goes once it stands in the job's status. */
    static boolean isTracked(Pod pod) {
        return pod.getMetadata().getFinalizers().contains(FINALIZER);
    }

    static int index(Pod pod) {
        int index = number(pod, INDEX, NO_INDEX);
        return index < 0 ? NO_INDEX : index;
    }

    static Indexes indexes(List<Pod> pods) {
        return Indexes.of(pods.stream()
                .map(JobPods::index)
                .filter(index -> index != NO_INDEX)
                .collect(Collectors.toSet()));
    }

    /** How many pods of its index had failed before it, in so far as they count. */
    static int failures(Pod pod) {
        return Math.max(0, number(pod, FAILURES, 0));
    }

    /** How many pods of its index had failed before it and were ignored by the policy. */
    static int ignoredFailures(Pod pod) {
        return Math.max(0, number(pod, IGNORED_FAILURES, 0));
    }

    static int allFailures(Pod pod) {
        return failures(pod) + ignoredFailures(pod);
    }

    private static int number(Pod pod, String annotation, int otherwise) {
        var annotations = pod.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(annotation);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return otherwise; // Anybody may write annotations.
        }
    }

    static boolean hasSucceeded(Pod pod) {
        return PodStates.phase(pod).equals("Succeeded");
    }

    /** Failed; a pod on its way out counts too, unless the job waits for its end: it may never get so far as to say that it failed. */
    static boolean hasFailed(Pod pod, Job job) {
        if (PodStates.phase(pod).equals("Failed")) {
            return true;
        }
        return !JobSpecs.replacesFailedOnly(job) && Owners.isDeleting(pod) && !hasSucceeded(pod);
    }

    /** Deleted and not finished yet. */
    static boolean isTerminating(Pod pod) {
        return Owners.isDeleting(pod) && !PodStates.isFinished(pod);
    }

    /** When it ended, as well as can be told. */
    static Instant finishedAt(Pod pod) {
        return endOfContainers(pod)
                .or(() -> PodStates.condition(pod, "Ready")
                        .filter(ready -> "False".equals(ready.getStatus()) && ready.getLastTransitionTime() != null)
                        .map(ready -> Instant.parse(ready.getLastTransitionTime())))
                .or(() -> Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                        .map(Instant::parse)
                        .map(end -> end.minusSeconds(
                                Objects.requireNonNullElse(pod.getMetadata().getDeletionGracePeriodSeconds(), 0L))))
                .orElseGet(() -> Instant.parse(pod.getMetadata().getCreationTimestamp()));
    }

    /** The last end of a container or sidecar; empty while one runs. */
    private static Optional<Instant> endOfContainers(Pod pod) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        var sidecars = pod.getSpec().getInitContainers().stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()))
                .map(container -> container.getName())
                .collect(Collectors.toSet());
        var statuses = Stream.concat(
                        pod.getStatus().getContainerStatuses().stream(),
                        pod.getStatus().getInitContainerStatuses().stream()
                                .filter(status -> sidecars.contains(status.getName())))
                .toList();
        if (!statuses.stream().allMatch(JobPods::hasEnded)) {
            return Optional.empty();
        }
        return statuses.stream()
                .map(status -> Instant.parse(status.getState().getTerminated().getFinishedAt()))
                .max(Instant::compareTo);
    }

    private static boolean hasEnded(ContainerStatus status) {
        return status.getState() != null
                && status.getState().getTerminated() != null
                && status.getState().getTerminated().getFinishedAt() != null;
    }
}
