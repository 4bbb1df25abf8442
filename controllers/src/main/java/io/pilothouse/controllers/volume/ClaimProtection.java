package io.pilothouse.controllers.volume;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import java.util.List;
import java.util.Objects;

/** Keeps claims from going away while a pod that has a node uses them. */
public final class ClaimProtection {
    private static final String FINALIZER = "kubernetes.io/pvc-protection";

    private final ControllerContext context;
    private final Cache<Pod> pods;
    private final Protection<PersistentVolumeClaim> protection;

    /** Joins a context. */
    public ClaimProtection(ControllerContext context) {
        this.context = context;
        this.pods = context.cache(Pod.class);
        this.protection = new Protection<>(
                context, PersistentVolumeClaim.class, "persistentvolumeclaim-protection", FINALIZER, this::isUsed);
        pods.onAny(this::lookAgain);
    }

    private void lookAgain(Pod pod) {
        for (Volume volume : volumes(pod)) {
            if (volume.getPersistentVolumeClaim() != null) {
                protection.lookAgain(new Key(
                        pod.getMetadata().getNamespace(),
                        volume.getPersistentVolumeClaim().getClaimName()));
            } else if (volume.getEphemeral() != null) {
                protection.lookAgain(new Key(pod.getMetadata().getNamespace(), claimOf(pod, volume)));
            }
        }
    }

    /** The cache may be behind: the claim goes only when the server knows of no pod either. */
    private boolean isUsed(PersistentVolumeClaim claim) {
        String namespace = claim.getMetadata().getNamespace();
        return pods.inNamespace(namespace).stream().anyMatch(pod -> uses(pod, claim))
                || context.client().pods().inNamespace(namespace).list().getItems().stream()
                        .anyMatch(pod -> uses(pod, claim));
    }

    /** A pod with no node does not count: no kubelet starts it with a claim that is being deleted. */
    private static boolean uses(Pod pod, PersistentVolumeClaim claim) {
        String name = claim.getMetadata().getName();
        boolean placed = pod.getSpec().getNodeName() != null
                && !pod.getSpec().getNodeName().isEmpty();
        return placed
                && volumes(pod).stream()
                        .anyMatch(volume -> (volume.getPersistentVolumeClaim() != null
                                        && name.equals(volume.getPersistentVolumeClaim()
                                                .getClaimName()))
                                || (volume.getEphemeral() != null
                                        && !isShutDown(pod)
                                        && name.equals(claimOf(pod, volume))
                                        && Owners.controllerOf(claim)
                                                .filter(owner -> Objects.equals(
                                                        owner.getUid(),
                                                        pod.getMetadata().getUid()))
                                                .isPresent()));
    }

    static List<Volume> volumes(Pod pod) {
        return Objects.requireNonNullElse(pod.getSpec().getVolumes(), List.of());
    }

    /** The claim that is made for an ephemeral volume. */
    static String claimOf(Pod pod, Volume volume) {
        return pod.getMetadata().getName() + "-" + volume.getName();
    }

    /** Deleted and with no time left: its kubelet is done with it. */
    private static boolean isShutDown(Pod pod) {
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        return pod.getMetadata().getDeletionTimestamp() != null && grace != null && grace == 0;
    }
}
