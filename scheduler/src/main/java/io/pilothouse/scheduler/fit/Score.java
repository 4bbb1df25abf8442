package io.pilothouse.scheduler.fit;

import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How well nodes suit a pod, from one point of view. */
@FunctionalInterface
interface Score {
    /**
     * Points for each of the candidates, 0 to 100.
     *
     * @param nodes all nodes
     */
    Map<NodeInfo, Double> points(PodInfo pod, List<NodeInfo> candidates, Collection<NodeInfo> nodes);
}
