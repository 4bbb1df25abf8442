package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.SuccessPolicyRule;
import java.util.Optional;

/** A job's success policy: which indexes have to succeed, or how many. */
final class SuccessRules {
    private SuccessRules() {}

    /** The message of the first rule that holds. */
    static Optional<String> met(Job job, Indexes succeeded) {
        var policy = job.getSpec().getSuccessPolicy();
        if (policy == null || succeeded.ranges().isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < policy.getRules().size(); i++) {
            if (holds(policy.getRules().get(i), succeeded, JobSpecs.completions(job))) {
                return Optional.of("Matched rules at index " + i);
            }
        }
        return Optional.empty();
    }

    private static boolean holds(SuccessPolicyRule rule, Indexes succeeded, int completions) {
        Integer count = rule.getSucceededCount();
        if (rule.getSucceededIndexes() == null) {
            return count != null && succeeded.total() >= count;
        }
        var wanted = Indexes.parse(rule.getSucceededIndexes(), completions);
        int shared = wanted.shared(succeeded);
        return !wanted.ranges().isEmpty() && (shared == wanted.total() || (count != null && shared >= count));
    }
}
