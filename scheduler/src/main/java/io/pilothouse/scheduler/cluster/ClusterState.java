package io.pilothouse.scheduler.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Nodes and the pods on them: those that the API shows and those that were just placed and are still being bound. Safe for use by many threads. */
public final class ClusterState {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, NodeInfo> nodes = new LinkedHashMap<>();
    private final Map<String, PodInfo> placed = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Set<String> assumed = new HashSet<>();

    /** Runs {@code decision} on a state that stands still; it must be short. */
    public <R> R read(Function<Collection<NodeInfo>, R> decision) {
        lock.lock();
        try {
            return decision.apply(nodes.values());
        } finally {
            lock.unlock();
        }
    }

    /** A node appeared or changed. */
    public void seen(Node node) {
        lock.lock();
        try {
            var info = new NodeInfo(node);
            places.forEach((uid, place) -> {
                var pod = placed.get(uid);
                if (place.equals(info.name()) && pod != null) {
                    info.add(pod);
                }
            });
            nodes.put(info.name(), info);
        } finally {
            lock.unlock();
        }
    }

    /** A node went. */
    public void gone(Node node) {
        lock.lock();
        try {
            nodes.remove(node.getMetadata().getName());
        } finally {
            lock.unlock();
        }
    }

    /** A pod that has a node and is not finished appeared or changed. */
    public void seen(Pod pod) {
        lock.lock();
        try {
            assumed.remove(pod.getMetadata().getUid());
            place(PodInfo.of(pod), pod.getSpec().getNodeName());
        } finally {
            lock.unlock();
        }
    }

    /** A pod went, finished or has no node. */
    public void gone(Pod pod) {
        lock.lock();
        try {
            assumed.remove(pod.getMetadata().getUid());
            remove(pod.getMetadata().getUid());
        } finally {
            lock.unlock();
        }
    }

    /** Counts a pod on a node before the API does. */
    public void assume(PodInfo pod, String node) {
        lock.lock();
        try {
            assumed.add(pod.uid());
            place(pod, node);
        } finally {
            lock.unlock();
        }
    }

    /** A pod could not be bound after all. */
    public void forget(PodInfo pod) {
        lock.lock();
        try {
            if (assumed.remove(pod.uid())) {
                remove(pod.uid());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a pod is placed, by the API or by assumption. */
    public boolean isPlaced(String uid) {
        lock.lock();
        try {
            return placed.containsKey(uid);
        } finally {
            lock.unlock();
        }
    }

    private void place(PodInfo pod, String node) {
        remove(pod.uid());
        placed.put(pod.uid(), pod);
        places.put(pod.uid(), node);
        var info = nodes.get(node);
        if (info != null) {
            info.add(pod);
        }
    }

    private void remove(String uid) {
        placed.remove(uid);
        String node = places.remove(uid);
        var info = node == null ? null : nodes.get(node);
        if (info != null) {
            info.remove(uid);
        }
    }
}
