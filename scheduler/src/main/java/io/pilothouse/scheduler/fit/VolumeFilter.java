package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.volumes.VolumeBinder;
import java.util.Collection;
import java.util.Optional;

/** The pod's volumes must be reached from the node, or such that wait for their first pod must be found or made there. */
record VolumeFilter(VolumeBinder volumes) implements Filter {
    @Override
    public Optional<String> refusal(PodInfo pod) {
        return volumes.refusal(pod.pod());
    }

    @Override
    public Check prepare(PodInfo pod, Collection<NodeInfo> nodes) {
        var claims = volumes.claims(pod.pod());
        return node -> new Verdict(volumes.reasons(claims, node.node()), true);
    }
}
