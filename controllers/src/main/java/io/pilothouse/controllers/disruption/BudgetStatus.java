package io.pilothouse.controllers.disruption;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatusBuilder;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What a budget's status must say. */
record BudgetStatus(PodDisruptionBudget budget, Instant now) {
    /** How long after its eviction a pod counts as good as gone. */
    static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);

    private static final String CONDITION = "DisruptionAllowed";

    /** The status before, whose numbers are all set. */
    private PodDisruptionBudgetStatus before() {
        return budget.getStatus() == null ? new PodDisruptionBudgetStatusBuilder().build() : budget.getStatus();
    }

    /** When a pod was evicted that has not begun to end yet, by pod; those are left out that should have ended by now. */
    Map<String, Instant> disrupted(List<Pod> pods) {
        Map<String, Instant> out = new TreeMap<>();
        for (Pod pod : pods) {
            String since = before().getDisruptedPods().get(pod.getMetadata().getName());
            if (since != null && !Owners.isDeleting(pod) && !isOverdue(Instant.parse(since))) {
                out.put(pod.getMetadata().getName(), Instant.parse(since));
            }
        }
        return out;
    }

    /** Those that were evicted and should have ended by now. */
    List<Pod> overdue(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> !Owners.isDeleting(pod))
                .filter(pod -> {
                    String since =
                            before().getDisruptedPods().get(pod.getMetadata().getName());
                    return since != null && isOverdue(Instant.parse(since));
                })
                .toList();
    }

    private boolean isOverdue(Instant since) {
        return since.plus(DELETION_TIMEOUT).isBefore(now);
    }

    /** The whole status. */
    PodDisruptionBudgetStatus of(List<Pod> pods, Calculation calculation, Map<String, Instant> disrupted) {
        int healthy = (int) pods.stream()
                .filter(pod -> !Owners.isDeleting(pod)
                        && !disrupted.containsKey(pod.getMetadata().getName())
                        && PodStates.isReady(pod))
                .count();
        int allowed = calculation.expected() <= 0 ? 0 : Math.max(0, healthy - calculation.desired());
        Map<String, String> times = new TreeMap<>();
        disrupted.forEach((pod, since) -> times.put(pod, since.toString()));
        Long generation = budget.getMetadata().getGeneration();
        return new PodDisruptionBudgetStatusBuilder()
                .withCurrentHealthy(healthy)
                .withDesiredHealthy(calculation.desired())
                .withExpectedPods(calculation.expected())
                .withDisruptionsAllowed(allowed)
                .withDisruptedPods(times)
                .withObservedGeneration(generation)
                .withConditions(
                        conditions(allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", generation))
                .build();
    }

    /** The status before, but that nothing may be disrupted, and why. */
    PodDisruptionBudgetStatus failed(String message) {
        return new PodDisruptionBudgetStatusBuilder(before())
                .withCurrentHealthy(Objects.requireNonNullElse(before().getCurrentHealthy(), 0))
                .withDesiredHealthy(Objects.requireNonNullElse(before().getDesiredHealthy(), 0))
                .withExpectedPods(Objects.requireNonNullElse(before().getExpectedPods(), 0))
                .withDisruptionsAllowed(0)
                .withConditions(conditions(false, "SyncFailed", message, before().getObservedGeneration()))
                .build();
    }

    private List<Condition> conditions(boolean allowed, String reason, String message, Long generation) {
        List<Condition> out = new ArrayList<>(before().getConditions());
        String status = allowed ? "True" : "False";
        var old = out.stream().filter(c -> c.getType().equals(CONDITION)).findFirst();
        String since = old.filter(c -> c.getStatus().equals(status))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        var condition = new ConditionBuilder()
                .withType(CONDITION)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
        int index = old.map(out::indexOf).orElse(-1);
        if (index < 0) {
            out.add(condition);
        } else {
            out.set(index, condition);
        }
        return out;
    }

    /** Whether a status says the same as the one before. */
    boolean isCurrent(PodDisruptionBudgetStatus wanted) {
        return budget.getStatus() != null && equal(wanted, budget.getStatus());
    }

    private static boolean equal(PodDisruptionBudgetStatus a, PodDisruptionBudgetStatus b) {
        return Objects.equals(a.getCurrentHealthy(), b.getCurrentHealthy())
                && Objects.equals(a.getDesiredHealthy(), b.getDesiredHealthy())
                && Objects.equals(a.getExpectedPods(), b.getExpectedPods())
                && Objects.equals(a.getDisruptionsAllowed(), b.getDisruptionsAllowed())
                && a.getDisruptedPods().equals(b.getDisruptedPods())
                && Objects.equals(a.getObservedGeneration(), b.getObservedGeneration())
                && said(a).equals(said(b));
    }

    private static List<String> said(PodDisruptionBudgetStatus status) {
        return status.getConditions().stream()
                .filter(c -> c.getType().equals(CONDITION))
                .map(c -> c.getStatus() + c.getReason())
                .toList();
    }
}
