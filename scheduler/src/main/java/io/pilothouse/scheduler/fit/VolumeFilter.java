package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Volume;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Claims must be bound, and to volumes that the node reaches. Claims that wait for their first pod are not bound here: they stay pending. */
final class VolumeFilter implements Filter {
    private final Cache<PersistentVolumeClaim> claims;
    private final Cache<PersistentVolume> volumes;

    VolumeFilter(Cache<PersistentVolumeClaim> claims, Cache<PersistentVolume> volumes) {
        this.claims = claims;
        this.volumes = volumes;
    }

    @Override
    public Check prepare(PodInfo pod, Collection<NodeInfo> nodes) {
        var bound = new ArrayList<PersistentVolume>();
        for (Volume volume : pod.pod().getSpec().getVolumes()) {
            String name = volume.getPersistentVolumeClaim() != null
                    ? volume.getPersistentVolumeClaim().getClaimName()
                    : volume.getEphemeral() != null ? pod.pod().getMetadata().getName() + "-" + volume.getName() : "";
            if (name.isEmpty()) {
                continue;
            }
            var claim = claims.find(pod.namespace(), name);
            if (claim.isEmpty()) {
                return node -> List.of("persistentvolumeclaim \"" + name + "\" not found");
            }
            String volumeName = claim.get().getSpec().getVolumeName();
            var found = Taints.isEmpty(volumeName)
                    ? java.util.Optional.<PersistentVolume>empty()
                    : volumes.find("", volumeName);
            if (found.isEmpty()) {
                return node -> List.of("pod has unbound immediate PersistentVolumeClaims");
            }
            bound.add(found.get());
        }
        return node -> bound.stream().allMatch(volume -> reaches(volume, node))
                ? List.of()
                : List.of("node(s) didn't match PersistentVolume's node affinity");
    }

    private static boolean reaches(PersistentVolume volume, NodeInfo node) {
        var affinity = volume.getSpec().getNodeAffinity();
        return affinity == null || affinity.getRequired() == null || NodeTerms.matches(affinity.getRequired(), node);
    }
}
