package io.pilothouse.scheduler.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which pods wait for room on a node that others are leaving for their sake. Safe for use by many threads. */
public final class Nominations {
    private record Nominated(PodInfo pod, String node) {}

    private final Map<String, Nominated> pods = new ConcurrentHashMap<>();

    /** A pod waits for a node. */
    public void put(PodInfo pod, String node) {
        pods.put(pod.uid(), new Nominated(pod, node));
    }

    /** A pod waits for none any more. */
    public void remove(String uid) {
        pods.remove(uid);
    }

    /** A waiting pod appeared: what its status says counts. */
    public void seen(Pod pod) {
        String node = nodeIn(pod);
        if (!node.isEmpty()) {
            put(PodInfo.of(pod), node);
        }
    }

    /** A waiting pod changed: somebody may have changed what its status says. */
    public void changed(Pod before, Pod after) {
        if (!nodeIn(before).equals(nodeIn(after))) {
            remove(after.getMetadata().getUid());
            seen(after);
        }
    }

    /** What a pod's status says; empty if nothing. */
    public static String nodeIn(Pod pod) {
        return pod.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(pod.getStatus().getNominatedNodeName(), "");
    }

    /** The node that a pod waits for. */
    public Optional<String> nodeOf(String uid) {
        return Optional.ofNullable(pods.get(uid)).map(Nominated::node);
    }

    /** Those that wait for a node. */
    public List<PodInfo> on(String node) {
        return pods.values().stream()
                .filter(nominated -> nominated.node().equals(node))
                .map(Nominated::pod)
                .toList();
    }

    /** Those that wait for a node and come before {@code pod} there. */
    public List<PodInfo> before(PodInfo pod, String node) {
        return on(node).stream()
                .filter(other ->
                        other.priority() >= pod.priority() && !other.uid().equals(pod.uid()))
                .toList();
    }
}
