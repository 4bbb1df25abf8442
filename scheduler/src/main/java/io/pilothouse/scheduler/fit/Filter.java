package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.Collection;
import java.util.List;

/** One reason for which a pod may not run on a node. */
@FunctionalInterface
interface Filter {
    /** A check against one node: the reasons against it, in upstream's words; none if it is fine. */
    @FunctionalInterface
    interface Check {
        List<String> reasons(NodeInfo node);
    }

    /** Looks once at the pod and the cluster. */
    Check prepare(PodInfo pod, Collection<NodeInfo> nodes);
}
