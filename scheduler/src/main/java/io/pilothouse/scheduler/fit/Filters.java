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
                        ? Verdict.FINE
                        : Verdict.lasting("node(s) didn't match Pod's node affinity/selector"),
                (pod, nodes) -> node -> ports(pod, node),
                (pod, nodes) -> node -> resources(pod, node));
    }

    private static Verdict unschedulable(PodInfo pod, NodeInfo node) {
        boolean closed = node.node().getSpec() != null
                && Boolean.TRUE.equals(node.node().getSpec().getUnschedulable());
        return closed && !Taints.tolerates(pod, Taints.UNSCHEDULABLE)
                ? Verdict.lasting("node(s) were unschedulable")
                : Verdict.FINE;
    }

    private static Verdict nodeName(PodInfo pod, NodeInfo node) {
        String name = pod.pod().getSpec().getNodeName();
        return Taints.isEmpty(name) || node.name().equals(name)
                ? Verdict.FINE
                : Verdict.lasting("node(s) didn't match the requested node name");
    }

    static Verdict untolerated(PodInfo pod, NodeInfo node) {
        for (Taint taint : node.taints()) {
            if (!"PreferNoSchedule".equals(taint.getEffect()) && !Taints.tolerates(pod, taint)) {
                return Verdict.lasting("node(s) had untolerated taint(s)");
            }
        }
        return Verdict.FINE;
    }

    private static Verdict ports(PodInfo pod, NodeInfo node) {
        boolean taken = !pod.ports().isEmpty()
                && node.pods().stream()
                        .flatMap(other -> other.ports().stream())
                        .anyMatch(used -> pod.ports().stream().anyMatch(used::collides));
        return taken ? Verdict.passing("node(s) didn't have free ports for the requested pod ports") : Verdict.FINE;
    }

    private static Verdict resources(PodInfo pod, NodeInfo node) {
        var reasons = new ArrayList<String>();
        boolean lasting = false;
        if (node.pods().size() + 1 > node.allocatable("pods")) {
            reasons.add("Too many pods");
        }
        for (var request : pod.requests().entrySet()) {
            long amount = request.getValue();
            if (amount > 0 && amount > node.allocatable(request.getKey()) - node.requested(request.getKey())) {
                reasons.add("Insufficient " + request.getKey());
                lasting |= amount > node.allocatable(request.getKey());
            }
        }
        return new Verdict(reasons, lasting);
    }
}
