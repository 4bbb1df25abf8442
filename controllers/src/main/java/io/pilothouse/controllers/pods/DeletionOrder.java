package io.pilothouse.controllers.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which pods go first when there are too many. */
public final class DeletionOrder {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private DeletionOrder() {}

    /**
     * The {@code count} of {@code pods} to delete: unassigned, then pending, not ready, of lower deletion cost, on nodes that hold more of the same owner's,
     * ready for less long, more often restarted, younger.
     *
     * @param related all pods that count when nodes are compared
     */
    public static List<Pod> first(int count, List<Pod> pods, List<Pod> related, Instant now) {
        Map<String, Long> onNode = related.stream()
                .filter(PodStates::isActive)
                .collect(Collectors.groupingBy(PodStates::node, Collectors.counting()));
        var order = byState()
                .thenComparingInt(DeletionOrder::cost)
                .thenComparingLong(pod -> -onNode.getOrDefault(PodStates.node(pod), 0L))
                .thenComparingLong(pod -> ageRank(PodStates.readySince(pod).orElse(now), now))
                .thenComparingInt(pod -> -PodStates.restarts(pod))
                .thenComparingLong(
                        pod -> ageRank(Instant.parse(pod.getMetadata().getCreationTimestamp()), now))
                .thenComparing(pod -> pod.getMetadata().getUid());
        return pods.stream().sorted(order).limit(count).toList();
    }

    /** As {@link #first}, with neither costs nor nodes: unassigned, then pending, not ready, ready for less long, more often restarted, younger. */
    public static List<Pod> youngest(int count, List<Pod> pods) {
        var order = byState()
                .thenComparing(pod -> PodStates.readySince(pod).orElse(Instant.MAX), Comparator.reverseOrder())
                .thenComparingInt(pod -> -PodStates.restarts(pod))
                .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder());
        return pods.stream().sorted(order).limit(count).toList();
    }

    private static Comparator<Pod> byState() {
        return Comparator.comparing((Pod pod) -> !PodStates.node(pod).isEmpty())
                .thenComparingInt(pod -> PHASES.indexOf(PodStates.phase(pod)))
                .thenComparing(PodStates::isReady);
    }

    /** Ages count by their order of magnitude, so that not always the youngest goes. */
    private static long ageRank(Instant since, Instant now) {
        long nanos = Duration.between(since, now).toNanos();
        return nanos <= 0 ? 0 : 64 - Long.numberOfLeadingZeros(nanos);
    }

    private static int cost(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        String cost = annotations == null ? null : annotations.get(COST);
        try {
            return cost == null ? 0 : Integer.parseInt(cost);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
