package io.pilothouse.controllers.disruption;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Percentages;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.scale.Scales;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How many pods a budget's pods should be: the sizes of their controllers, which are looked up in caches, else by their scale. */
final class ExpectedPods {
    private final Cache<ReplicaSet> replicaSets;
    private final Cache<Deployment> deployments;
    private final Cache<StatefulSet> statefulSets;
    private final Cache<ReplicationController> replicationControllers;
    private final Scales scales;

    /** A controller and its size. */
    private record Sized(String uid, int replicas) {}

    ExpectedPods(ControllerContext context, Scales scales) {
        this.replicaSets = context.cache(ReplicaSet.class);
        this.deployments = context.cache(Deployment.class);
        this.statefulSets = context.cache(StatefulSet.class);
        this.replicationControllers = context.cache(ReplicationController.class);
        this.scales = scales;
    }

    /** @throws Calculation.Failure where a pod's controller cannot be found */
    Calculation calculate(PodDisruptionBudget budget, List<Pod> pods) {
        var most = budget.getSpec().getMaxUnavailable();
        var least = budget.getSpec().getMinAvailable();
        if (most == null && least != null && least.getIntVal() != null) {
            return new Calculation(pods.size(), least.getIntVal(), Set.of());
        }
        if (most == null && least == null) {
            return new Calculation(0, 0, Set.of());
        }
        Set<String> unmanaged = new TreeSet<>();
        int expected = sum(pods, unmanaged);
        int desired = most != null
                ? Math.max(0, expected - Percentages.of(most, expected, true))
                : Percentages.of(least, expected, true);
        return new Calculation(expected, desired, unmanaged);
    }

    private int sum(List<Pod> pods, Set<String> unmanaged) {
        Map<String, Integer> sizes = new HashMap<>();
        for (Pod pod : pods) {
            var owner = Owners.controllerOf(pod);
            if (owner.isEmpty()) {
                unmanaged.add(pod.getMetadata().getName());
            } else if (!sizes.containsKey(owner.get().getUid())) {
                var sized = find(owner.get(), pod.getMetadata().getNamespace())
                        .orElseThrow(() -> new Calculation.Failure("found no controllers for pod \""
                                + pod.getMetadata().getName() + "\""));
                sizes.put(sized.uid, sized.replicas);
            }
        }
        return sizes.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Optional<Sized> find(OwnerReference owner, String namespace) {
        return known(owner, namespace).or(() -> scaled(owner, namespace));
    }

    private Optional<Sized> known(OwnerReference owner, String namespace) {
        String group = Scales.group(owner.getApiVersion());
        boolean apps = group.equals("apps") || group.equals("extensions");
        return switch (owner.getKind()) {
            case "ReplicaSet" -> apps ? replicaSet(owner, namespace) : Optional.empty();
            case "StatefulSet" ->
                group.equals("apps")
                        ? cached(statefulSets, owner, namespace)
                                .map(set -> sized(set, set.getSpec().getReplicas()))
                        : Optional.empty();
            case "ReplicationController" ->
                group.isEmpty()
                        ? cached(replicationControllers, owner, namespace)
                                .map(set -> sized(set, set.getSpec().getReplicas()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The deployment that owns a replica set, else the replica set. */
    private Optional<Sized> replicaSet(OwnerReference owner, String namespace) {
        var set = cached(replicaSets, owner, namespace);
        var above = set.flatMap(Owners::controllerOf).filter(o -> o.getKind().equals("Deployment"));
        return above.isPresent()
                ? cached(deployments, above.get(), namespace)
                        .map(deployment ->
                                sized(deployment, deployment.getSpec().getReplicas()))
                : set.map(found -> sized(found, found.getSpec().getReplicas()));
    }

    private static Sized sized(HasMetadata controller, Integer replicas) {
        return new Sized(controller.getMetadata().getUid(), Objects.requireNonNullElse(replicas, 0));
    }

    private static <T extends HasMetadata> Optional<T> cached(Cache<T> cache, OwnerReference owner, String namespace) {
        return cache.find(namespace, owner.getName())
                .filter(found -> found.getMetadata().getUid().equals(owner.getUid()));
    }

    private Optional<Sized> scaled(OwnerReference owner, String namespace) {
        ServedKind kind = scales.kind(owner.getApiVersion(), owner.getKind())
                .orElseThrow(() -> new Calculation.Failure("no matches for kind \"" + owner.getKind()
                        + "\" in version \"" + owner.getApiVersion() + "\""));
        Optional<Scale> scale = scales.find(kind, namespace, owner.getName());
        if (scale.isEmpty() && !scales.has(kind)) {
            String resource = kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
            throw new Calculation.Failure(resource + " does not implement the scale subresource");
        }
        return scale.filter(found -> owner.getUid().equals(found.getMetadata().getUid()))
                .map(found -> new Sized(
                        owner.getUid(),
                        found.getSpec() == null
                                ? 0
                                : Objects.requireNonNullElse(found.getSpec().getReplicas(), 0)));
    }
}
