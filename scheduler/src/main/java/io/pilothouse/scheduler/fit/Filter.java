package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.Collection;
import java.util.Optional;

/** One reason for which a pod may not run on a node. */
@FunctionalInterface
interface Filter {
    /** A check against one node. */
    @FunctionalInterface
    interface Check {
        Verdict of(NodeInfo node);
    }

    /** Why the pod can run nowhere, whatever the nodes are like, in upstream's words. */
    default Optional<String> refusal(PodInfo pod) {
        return Optional.empty();
    }

    /** Looks once at the pod, which is not refused, and the cluster. */
    Check prepare(PodInfo pod, Collection<NodeInfo> nodes);
}
