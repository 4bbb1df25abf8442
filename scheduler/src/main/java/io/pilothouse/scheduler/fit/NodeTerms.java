package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.pilothouse.controllers.objects.NodeSelectors;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;

/** Node selectors against nodes. */
final class NodeTerms {
    private NodeTerms() {}

    /** Whether the pod's selector and required affinity take the node. */
    static boolean allow(PodInfo pod, NodeInfo node) {
        return NodeSelectors.allow(pod.pod().getSpec(), node.name(), node.labels());
    }

    static boolean matches(NodeSelector selector, NodeInfo node) {
        return NodeSelectors.matches(selector, node.name(), node.labels());
    }

    static boolean matches(NodeSelectorTerm term, NodeInfo node) {
        return NodeSelectors.matches(term, node.name(), node.labels());
    }
}
