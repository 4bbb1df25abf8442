package io.pilothouse.controllers.pods;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.pilothouse.controllers.objects.Owners;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a pod's status says. */
public final class PodStates {
    private PodStates() {}

    /** Neither finished nor on its way out. */
    public static boolean isActive(Pod pod) {
        return !isFinished(pod) && !Owners.isDeleting(pod);
    }

    /** Succeeded or failed. */
    public static boolean isFinished(Pod pod) {
        return "Succeeded".equals(phase(pod)) || "Failed".equals(phase(pod));
    }

    /** The phase; Pending where none is written. */
    public static String phase(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getPhase() == null
                ? "Pending"
                : pod.getStatus().getPhase();
    }

    /** The condition of this type. */
    public static Optional<PodCondition> condition(Pod pod, String type) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(type))
                        .findFirst();
    }

    /** Whether it takes traffic. */
    public static boolean isReady(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .isPresent();
    }

    /** Since when it is ready; empty where it is not. */
    public static Optional<Instant> readySince(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .map(ready -> ready.getLastTransitionTime() == null
                        ? Instant.EPOCH
                        : Instant.parse(ready.getLastTransitionTime()));
    }

    /** Whether it has been ready for long enough. */
    public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
        return readySince(pod)
                .filter(since -> minReadySeconds == 0
                        || !since.plus(Duration.ofSeconds(minReadySeconds)).isAfter(now))
                .isPresent();
    }

    /** The most restarts of any of its containers. */
    public static int restarts(Pod pod) {
        return pod.getStatus() == null
                ? 0
                : pod.getStatus().getContainerStatuses().stream()
                        .mapToInt(status -> status.getRestartCount() == null ? 0 : status.getRestartCount())
                        .max()
                        .orElse(0);
    }

    /** The name of its node; empty while it has none. */
    public static String node(Pod pod) {
        String node = pod.getSpec().getNodeName();
        return node == null ? "" : node;
    }
}
