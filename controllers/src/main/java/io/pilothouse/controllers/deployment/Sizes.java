package io.pilothouse.controllers.deployment;

import static io.pilothouse.controllers.deployment.Conditions.count;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.pilothouse.controllers.objects.Percentages;
import java.util.List;

/** How many pods a deployment's replica sets may have. */
final class Sizes {
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    private Sizes() {}

    static boolean isRolling(Deployment deployment) {
        return "RollingUpdate".equals(deployment.getSpec().getStrategy().getType());
    }

    static int wanted(Deployment deployment) {
        return deployment.getSpec().getReplicas();
    }

    static int maxSurge(Deployment deployment) {
        return isRolling(deployment)
                ? Percentages.of(
                        deployment.getSpec().getStrategy().getRollingUpdate().getMaxSurge(), wanted(deployment), true)
                : 0;
    }

    static int maxUnavailable(Deployment deployment) {
        if (!isRolling(deployment) || wanted(deployment) == 0) {
            return 0;
        }
        int unavailable = Percentages.of(
                deployment.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable(), wanted(deployment), false);
        // Both may round to nothing; then one at a time has to go, or nothing ever would.
        int possible = unavailable == 0 && maxSurge(deployment) == 0 ? 1 : unavailable;
        return Math.min(possible, wanted(deployment));
    }

    static int total(List<ReplicaSet> sets) {
        return sets.stream().mapToInt(set -> set.getSpec().getReplicas()).sum();
    }

    static int available(List<ReplicaSet> sets) {
        return sets.stream().mapToInt(Sizes::available).sum();
    }

    static int available(ReplicaSet set) {
        return set.getStatus() == null ? 0 : count(set.getStatus().getAvailableReplicas());
    }

    /** How large the newest set may be now. */
    static int ofNew(Deployment deployment, List<ReplicaSet> all, int current) {
        if (!isRolling(deployment)) {
            return wanted(deployment);
        }
        int most = wanted(deployment) + maxSurge(deployment);
        int now = total(all);
        return now >= most ? current : current + Math.min(most - now, wanted(deployment) - current);
    }

    /** The share of one set when the whole deployment grows or shrinks in the middle of a rollout. */
    static int proportion(ReplicaSet set, Deployment deployment, int toAdd, int added) {
        if (set.getSpec().getReplicas() == 0 || toAdd == 0 || toAdd == added) {
            return 0;
        }
        int fraction = fraction(set, deployment);
        return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
    }

    private static int fraction(ReplicaSet set, Deployment deployment) {
        int size = set.getSpec().getReplicas();
        if (wanted(deployment) == 0) {
            return -size;
        }
        int before = annotated(
                set,
                MAX,
                deployment.getStatus() == null
                        ? 0
                        : count(deployment.getStatus().getReplicas()));
        int after = wanted(deployment) + maxSurge(deployment);
        return before == 0 ? 0 : (int) Math.round((double) size * after / before) - size;
    }

    static int annotated(ReplicaSet set, String annotation, int otherwise) {
        var annotations = set.getMetadata().getAnnotations();
        String value = annotations == null ? null : annotations.get(annotation);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
