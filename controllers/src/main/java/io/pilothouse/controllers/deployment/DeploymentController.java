package io.pilothouse.controllers.deployment;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Hashes;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.ArrayList;
import java.util.List;

/** Rolls the template of a Deployment out over replica sets, a set for each template. */
public final class DeploymentController {
    private final ControllerContext context;
    private final Cache<Deployment> deployments;
    private final Cache<ReplicaSet> sets;
    private final Cache<Pod> pods;
    private final Hashes hashes = new Hashes();

    /** Joins a context. */
    public DeploymentController(ControllerContext context, int workers) {
        this.context = context;
        this.deployments = context.cache(Deployment.class);
        this.sets = context.cache(ReplicaSet.class);
        this.pods = context.cache(Pod.class);
        WorkQueue<Key> queue = context.queue("deployment", workers, this::reconcile);
        deployments.onAny(deployment -> queue.add(Key.of(deployment)));
        sets.onAny(set -> requeue(queue, set));
        pods.on(
                added -> {},
                (before, after) -> {},
                gone -> Owners.controllerOf(gone)
                        .ifPresent(owner -> sets.find(gone.getMetadata().getNamespace(), owner.getName())
                                .ifPresent(set -> requeue(queue, set))));
    }

    private void requeue(WorkQueue<Key> queue, ReplicaSet set) {
        String namespace = set.getMetadata().getNamespace();
        var owner = Owners.controllerOf(set);
        if (owner.isPresent()) {
            if (owner.get().getKind().equals("Deployment")) {
                queue.add(new Key(namespace, owner.get().getName()));
            }
            return;
        }
        deployments.inNamespace(namespace).stream()
                .filter(deployment -> Selectors.matches(
                        deployment.getSpec().getSelector(), set.getMetadata().getLabels()))
                .forEach(deployment -> queue.add(Key.of(deployment)));
    }

    private Outcome reconcile(Key key) {
        var found = deployments.find(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Deployment deployment = found.get();
        if (Selectors.isEmpty(deployment.getSpec().getSelector())) {
            context.events()
                    .warning(
                            deployment,
                            "SelectingAll",
                            "This deployment is selecting all pods. A non-empty selector is required.");
            return Outcome.done();
        }
        var claimed = claim(deployment);
        return new Rollout(
                        new DeploymentWriter(context, hashes, deployment),
                        claimed,
                        () -> claimed.stream()
                                .flatMap(set -> pods.ownedBy(set.getMetadata().getUid()).stream())
                                .toList())
                .run();
    }

    private List<ReplicaSet> claim(Deployment deployment) {
        var claimed = new ArrayList<ReplicaSet>();
        for (ReplicaSet set : sets.ownedBy(deployment.getMetadata().getUid())) {
            if (Selectors.matches(
                    deployment.getSpec().getSelector(), set.getMetadata().getLabels())) {
                claimed.add(set);
            } else if (!Owners.isDeleting(deployment)) {
                context.client()
                        .resource(new ReplicaSetBuilder(set)
                                .editMetadata()
                                .removeMatchingFromOwnerReferences(owner ->
                                        deployment.getMetadata().getUid().equals(owner.getUid()))
                                .endMetadata()
                                .build())
                        .update();
            }
        }
        if (!Owners.isDeleting(deployment)) {
            for (ReplicaSet set : sets.orphans(deployment.getMetadata().getNamespace())) {
                if (!Owners.isDeleting(set)
                        && Selectors.matches(
                                deployment.getSpec().getSelector(),
                                set.getMetadata().getLabels())) {
                    claimed.add(context.client()
                            .resource(new ReplicaSetBuilder(set)
                                    .editMetadata()
                                    .addToOwnerReferences(Owners.controller(deployment))
                                    .endMetadata()
                                    .build())
                            .update());
                }
            }
        }
        return claimed;
    }
}
