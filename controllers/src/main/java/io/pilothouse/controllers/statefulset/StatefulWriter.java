package io.pilothouse.controllers.statefulset;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes, mends and deletes the pods and claims of stateful sets. */
final class StatefulWriter {
    private final ControllerContext context;
    private final Cache<PersistentVolumeClaim> claims;

    StatefulWriter(ControllerContext context) {
        this.context = context;
        this.claims = context.cache(PersistentVolumeClaim.class);
    }

    /** Makes a pod, its claims first. A name that is taken, as by a pod that the cache does not know yet, is worth another try. */
    void create(StatefulSet set, Pod pod) {
        String name = pod.getMetadata().getName();
        String of = set.getMetadata().getName();
        makeClaims(set, pod);
        try {
            context.client().resource(pod).create();
            context.events()
                    .normal(set, "SuccessfulCreate", "create Pod " + name + " in StatefulSet " + of + " successful");
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) {
                context.events()
                        .warning(
                                set,
                                "FailedCreate",
                                "create Pod " + name + " in StatefulSet " + of + " failed error: "
                                        + PodControl.reason(e));
            }
            throw e;
        }
    }

    /** Makes the claims of a pod that are missing. */
    void makeClaims(StatefulSet set, Pod pod) {
        for (PersistentVolumeClaim claim :
                StatefulPods.claims(set, StatefulPods.ordinal(set, pod)).values()) {
            String name = claim.getMetadata().getName();
            var present = claims.find(set.getMetadata().getNamespace(), name);
            if (present.isPresent()) {
                if (Owners.isDeleting(present.get())) {
                    throw new IllegalStateException("pvc " + name + " is being deleted");
                }
                continue;
            }
            try {
                context.client().resource(claim).create();
                context.events()
                        .normal(
                                set,
                                "SuccessfulCreate",
                                "create Claim " + name + " Pod "
                                        + pod.getMetadata().getName() + " in StatefulSet "
                                        + set.getMetadata().getName() + " success");
            } catch (KubernetesClientException e) {
                if (e.getCode() != 409) {
                    throw e;
                }
            }
        }
    }

    /** Gives a pod the identity that it lost. */
    void mend(StatefulSet set, Pod pod) {
        makeClaims(set, pod);
        context.client().resource(StatefulPods.identified(set, pod)).update();
    }

    void delete(StatefulSet set, Pod pod) {
        String name = pod.getMetadata().getName();
        String of = set.getMetadata().getName();
        try {
            context.client()
                    .pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(name)
                    .delete();
            context.events()
                    .normal(set, "SuccessfulDelete", "delete Pod " + name + " in StatefulSet " + of + " successful");
        } catch (KubernetesClientException e) {
            context.events()
                    .warning(
                            set,
                            "FailedDelete",
                            "delete Pod " + name + " in StatefulSet " + of + " failed error: " + PodControl.reason(e));
            throw e;
        }
    }

    /** Lets the claims of a pod go with the set, with the pod, or with nobody, as the set's retention policy has it. */
    void own(StatefulSet set, Pod pod) {
        var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        boolean withSet = policy != null && "Delete".equals(policy.getWhenDeleted());
        boolean withPod = policy != null && "Delete".equals(policy.getWhenScaled()) && !StatefulPods.isWanted(set, pod);
        for (PersistentVolumeClaim wanted :
                StatefulPods.claims(set, StatefulPods.ordinal(set, pod)).values()) {
            claims.find(set.getMetadata().getNamespace(), wanted.getMetadata().getName())
                    .ifPresent(claim -> {
                        List<OwnerReference> owners =
                                new ArrayList<>(claim.getMetadata().getOwnerReferences());
                        Set<String> ours = Set.of(
                                set.getMetadata().getUid(), pod.getMetadata().getUid());
                        owners.removeIf(owner -> ours.contains(owner.getUid()));
                        if (withPod) {
                            owners.add(new OwnerReferenceBuilder()
                                    .withApiVersion("v1")
                                    .withKind("Pod")
                                    .withName(pod.getMetadata().getName())
                                    .withUid(pod.getMetadata().getUid())
                                    .build());
                        } else if (withSet) {
                            owners.add(Owners.controller(set));
                        }
                        if (!owners.equals(claim.getMetadata().getOwnerReferences())) {
                            context.client()
                                    .resource(new PersistentVolumeClaimBuilder(claim)
                                            .editMetadata()
                                            .withOwnerReferences(owners)
                                            .endMetadata()
                                            .build())
                                    .update();
                        }
                    });
        }
    }
}
