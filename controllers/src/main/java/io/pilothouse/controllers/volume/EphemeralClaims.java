package io.pilothouse.controllers.volume;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.Optional;

/** Makes the claims of pods' ephemeral volumes. They go with their pods, by the garbage collector. */
public final class EphemeralClaims {
    private final ControllerContext context;
    private final Cache<Pod> pods;
    private final Cache<PersistentVolumeClaim> claims;
    private final WorkQueue<Key> queue;

    /** Joins a context. */
    public EphemeralClaims(ControllerContext context, int workers) {
        this.context = context;
        this.pods = context.cache(Pod.class);
        this.claims = context.cache(PersistentVolumeClaim.class);
        this.queue = context.queue("ephemeral_volume", workers, this::reconcile);
        pods.on(this::lookAt, (before, after) -> {}, gone -> {});
        // Whoever deletes a claim that a pod needs gets it made anew.
        claims.on(made -> {}, (before, after) -> {}, this::lookAtOwner);
    }

    private void lookAt(Pod pod) {
        if (!Owners.isDeleting(pod)
                && ClaimProtection.volumes(pod).stream().anyMatch(volume -> volume.getEphemeral() != null)) {
            queue.add(Key.of(pod));
        }
    }

    private void lookAtOwner(PersistentVolumeClaim gone) {
        Owners.controllerOf(gone)
                .filter(owner -> owner.getKind().equals("Pod"))
                .flatMap(owner -> pods.find(gone.getMetadata().getNamespace(), owner.getName()))
                .ifPresent(this::lookAt);
    }

    private Outcome reconcile(Key key) {
        var pod = pods.find(key).filter(found -> !Owners.isDeleting(found));
        if (pod.isEmpty()) {
            return Outcome.done();
        }
        for (Volume volume : ClaimProtection.volumes(pod.get())) {
            if (volume.getEphemeral() == null) {
                continue;
            }
            var failure = keep(pod.get(), volume);
            if (failure.isPresent()) {
                context.events()
                        .warning(
                                pod.get(),
                                "FailedBinding",
                                "ephemeral volume " + volume.getName() + ": " + failure.get());
                return Outcome.retry();
            }
        }
        return Outcome.done();
    }

    /** Makes the claim where there is none; what went wrong. */
    private Optional<String> keep(Pod pod, Volume volume) {
        String namespace = pod.getMetadata().getNamespace();
        String name = ClaimProtection.claimOf(pod, volume);
        var present = claims.find(namespace, name);
        if (present.isPresent()) {
            return Owners.controls(pod, present.get())
                    ? Optional.empty()
                    : Optional.of("PVC " + namespace + "/" + name + " was not created for pod " + Key.of(pod)
                            + " (pod is not owner)");
        }
        var template = volume.getEphemeral().getVolumeClaimTemplate();
        var claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withOwnerReferences(Owners.controller(pod))
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        if (template.getMetadata() != null) {
            claim.getMetadata().setLabels(template.getMetadata().getLabels());
            claim.getMetadata().setAnnotations(template.getMetadata().getAnnotations());
        }
        try {
            context.client().resource(claim).create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of("create PVC " + name + ": " + PodControl.reason(e));
        }
    }
}
