package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.List;
import java.util.Optional;

/**
 * What a job's pod failure policy says of a failed pod.
 *
 * @param action of the first rule that fits; {@code Count} where none does
 * @param message why the job fails; empty unless the action is {@code FailJob}
 */
record FailureVerdict(String action, String message) {
    private static final FailureVerdict COUNT = new FailureVerdict("Count", "");

    static FailureVerdict of(Job job, Pod pod) {
        var policy = job.getSpec().getPodFailurePolicy();
        if (policy == null) {
            return COUNT;
        }
        var rules = policy.getRules();
        for (int i = 0; i < rules.size(); i++) {
            var reason = reason(rules.get(i), pod);
            if (reason.isPresent()) {
                String action = rules.get(i).getAction();
                return new FailureVerdict(
                        action,
                        action.equals("FailJob") ? reason.get() + " matching " + action + " rule at index " + i : "");
            }
        }
        return COUNT;
    }

    /** Whether the failure counts towards the backoff limits. */
    boolean counts() {
        return !action.equals("Ignore");
    }

    boolean failsJob() {
        return action.equals("FailJob");
    }

    boolean failsIndex() {
        return action.equals("FailIndex");
    }

    private static Optional<String> reason(PodFailurePolicyRule rule, Pod pod) {
        String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
        if (rule.getOnExitCodes() != null) {
            return failed(pod.getStatus().getContainerStatuses(), rule.getOnExitCodes())
                    .or(() -> failed(pod.getStatus().getInitContainerStatuses(), rule.getOnExitCodes()))
                    .map(status -> "Container " + status.getName() + " for pod " + name + " failed with exit code "
                            + status.getState().getTerminated().getExitCode());
        }
        return pod.getStatus().getConditions().stream()
                .filter(condition -> fits(rule, condition))
                .findFirst()
                .map(condition -> "Pod " + name + " has condition " + condition.getType());
    }

    private static boolean fits(PodFailurePolicyRule rule, PodCondition condition) {
        return rule.getOnPodConditions().stream()
                .anyMatch(pattern -> pattern.getType().equals(condition.getType())
                        && pattern.getStatus().equals(condition.getStatus()));
    }

    /** A container that ended with a code that fits; success never does. */
    private static Optional<ContainerStatus> failed(
            List<ContainerStatus> statuses, PodFailurePolicyOnExitCodesRequirement wanted) {
        return statuses.stream()
                .filter(status -> status.getState() != null && status.getState().getTerminated() != null)
                .filter(status -> wanted.getContainerName() == null
                        || wanted.getContainerName().equals(status.getName()))
                .filter(status -> {
                    Integer code = status.getState().getTerminated().getExitCode();
                    return code != null
                            && code != 0
                            && switch (wanted.getOperator()) {
                                case "In" -> wanted.getValues().contains(code);
                                case "NotIn" -> !wanted.getValues().contains(code);
                                default -> false;
                            };
                })
                .findFirst();
    }
}
