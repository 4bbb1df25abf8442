package io.pilothouse.controllers.deployment;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.pilothouse.controllers.objects.Owners;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which replica set stands for which revision of a deployment. */
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String HASH = "pod-template-hash";
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            HISTORY,
            Sizes.DESIRED,
            Sizes.MAX,
            "deprecated.deployment.rollback.to");
    static final Comparator<ReplicaSet> BY_AGE = Comparator.comparing(
                    (ReplicaSet set) -> set.getMetadata().getCreationTimestamp())
            .thenComparing(set -> set.getMetadata().getName());

    private Revisions() {}

    /** The set whose template is the deployment's; of several the oldest. */
    static Optional<ReplicaSet> current(Deployment deployment, List<ReplicaSet> sets) {
        return sets.stream()
                .sorted(BY_AGE)
                .filter(set -> sameTemplate(deployment, set))
                .findFirst();
    }

    static boolean sameTemplate(Deployment deployment, ReplicaSet set) {
        return withoutHash(set.getSpec().getTemplate())
                .equals(withoutHash(deployment.getSpec().getTemplate()));
    }

    private static PodTemplateSpec withoutHash(PodTemplateSpec template) {
        return new PodTemplateSpecBuilder(template)
                .editOrNewMetadata()
                .removeFromLabels(HASH)
                .endMetadata()
                .build();
    }

    static long revision(ReplicaSet set) {
        var annotations = set.getMetadata().getAnnotations();
        String value = annotations == null ? null : annotations.get(REVISION);
        try {
            return value == null ? 0 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The annotations of the set that stands for the newest revision. */
    static Map<String, String> annotations(Deployment deployment, Map<String, String> before, long revision) {
        var after = new LinkedHashMap<>(before);
        var own = deployment.getMetadata().getAnnotations();
        if (own != null) {
            own.forEach((name, value) -> {
                if (!NOT_COPIED.contains(name)) {
                    after.put(name, value);
                }
            });
        }
        String old = before.get(REVISION);
        if (old == null || Long.parseLong(old) < revision) {
            after.put(REVISION, Long.toString(revision));
            if (old != null && !old.isEmpty()) {
                after.merge(HISTORY, old, (history, next) -> history + "," + next);
            }
        }
        return after;
    }

    /** A set for the deployment's template. */
    static ReplicaSet create(Deployment deployment, String hash, long revision, int replicas) {
        var template = new PodTemplateSpecBuilder(deployment.getSpec().getTemplate())
                .editOrNewMetadata()
                .addToLabels(HASH, hash)
                .endMetadata()
                .build();
        var annotations = annotations(deployment, Map.of(), revision);
        annotations.put(Sizes.DESIRED, Integer.toString(Sizes.wanted(deployment)));
        annotations.put(Sizes.MAX, Integer.toString(Sizes.wanted(deployment) + Sizes.maxSurge(deployment)));
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName() + "-" + hash)
                .withLabels(template.getMetadata().getLabels())
                .withAnnotations(annotations)
                .withOwnerReferences(Owners.controller(deployment))
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
                .withSelector(deployment
                        .getSpec()
                        .getSelector()
                        .edit()
                        .addToMatchLabels(HASH, hash)
                        .build())
                .withTemplate(template)
                .endSpec()
                .build();
    }
}
