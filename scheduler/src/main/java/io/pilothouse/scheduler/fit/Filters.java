package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.Taint;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.ArrayList;
import java.util.List;

/** The filters that look at one node alone, in the order in which they are asked. */
final class Filters {
    private Filters() {}

    static List<Filter> ofOneNode() {
        return List.of(
                (pod, nodes) -> node -> unschedulable(pod, node),
                (pod, nodes) -> node -> nodeName(pod, node),
                (pod, nodes) -> node -> untolerated(pod, node),
                (pod, nodes) -> node -> NodeTerms.allow(pod, node)
                        ? List.of()
                        : List.of("node(s) didn't match Pod's node affinity/selector"),
                (pod, nodes) -> node -> ports(pod, node),
                (pod, nodes) -> node -> resources(pod, node));
    }

    private static List<String> unschedulable(PodInfo pod, NodeInfo node) {
        boolean closed = node.node().getSpec() != null
                && Boolean.TRUE.equals(node.node().getSpec().getUnschedulable());
        return closed && !Taints.tolerates(pod, Taints.UNSCHEDULABLE)
                ? List.of("node(s) were unschedulable")
                : List.of();
    }

    private static List<String> nodeName(PodInfo pod, NodeInfo node) {
        String name = pod.pod().getSpec().getNodeName();
        return Taints.isEmpty(name) || node.name().equals(name)
                ? List.of()
                : List.of("node(s) didn't match the requested node name");
    }

    static List<String> untolerated(PodInfo pod, NodeInfo node) {
        for (Taint taint : node.taints()) {
            if (!"PreferNoSchedule".equals(taint.getEffect()) && !Taints.tolerates(pod, taint)) {
                return List.of("node(s) had untolerated taint(s)");
            }
        }
        return List.of();
    }

    private static List<String> ports(PodInfo pod, NodeInfo node) {
        boolean taken = !pod.ports().isEmpty()
                && node.pods().stream()
                        .flatMap(other -> other.ports().stream())
                        .anyMatch(used -> pod.ports().stream().anyMatch(used::collides));
        return taken ? List.of("node(s) didn't have free ports for the requested pod ports") : List.of();
    }

    private static List<String> resources(PodInfo pod, NodeInfo node) {
        var reasons = new ArrayList<String>();
        if (node.pods().size() + 1 > node.allocatable("pods")) {
            reasons.add("Too many pods");
        }
        pod.requests().forEach((name, amount) -> {
            if (amount > 0 && amount > node.allocatable(name) - node.requested(name)) {
                reasons.add("Insufficient " + name);
            }
        });
        return reasons;
    }
}
