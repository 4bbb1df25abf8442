package io.pilothouse.scheduler.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node and the pods on it. Read and changed under the lock of {@link ClusterState}. */
public final class NodeInfo {
    private final Node node;
    private final Map<String, Long> allocatable;
    private final Map<String, PodInfo> pods = new LinkedHashMap<>();
    private final Map<String, Long> requested = new HashMap<>();
    private final Map<String, Long> requestedForScore = new HashMap<>();

    NodeInfo(Node node) {
        this.node = node;
        this.allocatable = node.getStatus() == null
                ? Map.of()
                : Requests.amounts(node.getStatus().getAllocatable());
    }

    /** The node. */
    public Node node() {
        return node;
    }

    /** Its name. */
    public String name() {
        return node.getMetadata().getName();
    }

    /** Its labels. */
    public Map<String, String> labels() {
        var labels = node.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    /** Its taints. */
    public List<Taint> taints() {
        return node.getSpec() == null ? List.of() : node.getSpec().getTaints();
    }

    /** The pods that count. */
    public Collection<PodInfo> pods() {
        return pods.values();
    }

    /** What it has for pods. */
    public long allocatable(String resource) {
        return allocatable.getOrDefault(resource, 0L);
    }

    /** What its pods ask for. */
    public long requested(String resource) {
        return requested.getOrDefault(resource, 0L);
    }

    /** As {@link #requested}, with something for pods that ask for nothing. */
    public long requestedForScore(String resource) {
        return requestedForScore.getOrDefault(resource, 0L);
    }

    /** The same node with the same pods, to try out what others would make of it. */
    public NodeInfo copy() {
        var copy = new NodeInfo(node);
        copy.pods.putAll(pods);
        copy.requested.putAll(requested);
        copy.requestedForScore.putAll(requestedForScore);
        return copy;
    }

    /** Counts a pod. */
    public void add(PodInfo pod) {
        remove(pod.uid());
        pods.put(pod.uid(), pod);
        Requests.add(requested, pod.requests());
        Requests.add(requestedForScore, Requests.forScore(pod.requests()));
    }

    /** Counts a pod no more. */
    public void remove(String uid) {
        PodInfo gone = pods.remove(uid);
        if (gone != null) {
            gone.requests().forEach((name, amount) -> requested.merge(name, -amount, Long::sum));
            Requests.forScore(gone.requests())
                    .forEach((name, amount) -> requestedForScore.merge(name, -amount, Long::sum));
        }
    }
}
