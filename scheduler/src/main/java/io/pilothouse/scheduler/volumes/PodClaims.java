package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.pilothouse.controllers.binder.Classes;
import io.pilothouse.controllers.binder.Notes;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.workqueue.Key;
import java.util.ArrayList;

/** Reads the claims of pods. */
record PodClaims(Assumed<PersistentVolumeClaim> claims, Classes classes) {
    /** No node will do, whatever it is like, until something else changes. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String reason) {
            super(reason);
        }
    }

    /** @throws UnusableException in upstream's words, where a claim cannot be used yet */
    Claims of(Pod pod) throws UnusableException {
        var bound = new ArrayList<PersistentVolumeClaim>();
        var waiting = new ArrayList<PersistentVolumeClaim>();
        boolean immediate = false;
        for (Volume volume : pod.getSpec().getVolumes()) {
            if (volume.getPersistentVolumeClaim() == null && volume.getEphemeral() == null) {
                continue;
            }
            var claim = usable(pod, volume);
            if (isBound(claim)) {
                bound.add(claim);
            } else if (isEmpty(claim.getSpec().getVolumeName()) && classes.waits(claim)) {
                waiting.add(claim);
            } else {
                immediate = true;
            }
        }
        if (immediate) {
            throw new UnusableException("pod has unbound immediate PersistentVolumeClaims");
        }
        return bound.isEmpty() && waiting.isEmpty() ? Claims.NONE : new Claims(bound, waiting);
    }

    private PersistentVolumeClaim usable(Pod pod, Volume volume) throws UnusableException {
        boolean own = volume.getPersistentVolumeClaim() == null;
        String namespace = pod.getMetadata().getNamespace();
        String name = own
                ? pod.getMetadata().getName() + "-" + volume.getName()
                : volume.getPersistentVolumeClaim().getClaimName();
        var found = claims.find(new Key(namespace, name));
        if (found.isEmpty()) {
            throw new UnusableException(
                    own
                            ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"" + name
                                    + "\""
                            : "persistentvolumeclaim \"" + name + "\" not found");
        }
        var claim = found.get();
        if (claim.getStatus() != null && "Lost".equals(claim.getStatus().getPhase())) {
            throw new UnusableException(
                    "persistentvolumeclaim \"" + name + "\" bound to non-existent persistentvolume \""
                            + claim.getSpec().getVolumeName() + "\"");
        }
        if (claim.getMetadata().getDeletionTimestamp() != null) {
            throw new UnusableException("persistentvolumeclaim \"" + name + "\" is being deleted");
        }
        if (own && !Owners.controls(pod, claim)) {
            throw new UnusableException("PVC " + namespace + "/" + name + " was not created for pod " + namespace + "/"
                    + pod.getMetadata().getName() + " (pod is not owner)");
        }
        return claim;
    }

    /** Whether a claim and its volume are bound to each other. */
    static boolean isBound(PersistentVolumeClaim claim) {
        return !isEmpty(claim.getSpec().getVolumeName()) && Notes.has(claim, Notes.BIND_COMPLETED);
    }

    private static boolean isEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty();
    }
}
