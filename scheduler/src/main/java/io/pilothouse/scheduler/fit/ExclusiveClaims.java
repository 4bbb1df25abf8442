package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.volumes.VolumeBinder;
import java.util.Collection;
import java.util.Set;

/** A claim of the access mode ReadWriteOncePod is for one pod at a time, wherever that is. */
record ExclusiveClaims(VolumeBinder volumes) implements Filter {
    private static final Verdict TAKEN = Verdict.passing(
            "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod");

    @Override
    public Check prepare(PodInfo pod, Collection<NodeInfo> nodes) {
        var wanted = volumes.exclusive(pod.pod());
        boolean taken = !wanted.isEmpty()
                && nodes.stream()
                        .flatMap(node -> node.pods().stream())
                        .anyMatch(other -> !other.uid().equals(pod.uid())
                                && other.namespace().equals(pod.namespace())
                                && uses(other, wanted));
        return node -> taken ? TAKEN : Verdict.FINE;
    }

    private static boolean uses(PodInfo pod, Set<String> claims) {
        return pod.pod().getSpec().getVolumes().stream()
                .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                        && claims.contains(volume.getPersistentVolumeClaim().getClaimName()));
    }
}
