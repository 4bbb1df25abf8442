package io.pilothouse.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The taints that a node's state asks for. */
final class NodeTaints {
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    static final String UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final Map<String, String> PRESSURES = Map.of(
            "MemoryPressure",
            "node.kubernetes.io/memory-pressure",
            "DiskPressure",
            "node.kubernetes.io/disk-pressure",
            "PIDPressure",
            "node.kubernetes.io/pid-pressure",
            "NetworkUnavailable",
            "node.kubernetes.io/network-unavailable");
    private static final Set<String> MANAGED = Set.of(
            NOT_READY,
            UNREACHABLE,
            UNSCHEDULABLE,
            "node.kubernetes.io/memory-pressure",
            "node.kubernetes.io/disk-pressure",
            "node.kubernetes.io/pid-pressure",
            "node.kubernetes.io/network-unavailable");

    private record Mark(String key, String effect) {}

    private NodeTaints() {}

    static Optional<NodeCondition> condition(Node node, String type) {
        return node.getStatus() == null
                ? Optional.empty()
                : node.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(type))
                        .findFirst();
    }

    /** The taints the node should have; those that are there keep their time. */
    static List<Taint> wanted(Node node, Instant now) {
        var marks = new LinkedHashMap<Mark, Boolean>();
        String ready = condition(node, "Ready").map(NodeCondition::getStatus).orElse("False");
        if (!ready.equals("True")) {
            String key = ready.equals("Unknown") ? UNREACHABLE : NOT_READY;
            marks.put(new Mark(key, "NoSchedule"), true);
            // A node that has never reported is not ready, but nothing runs there that could be evicted.
            if (condition(node, "Ready").isPresent()) {
                marks.put(new Mark(key, "NoExecute"), true);
            }
        }
        PRESSURES.forEach((type, key) -> condition(node, type)
                .filter(condition -> "True".equals(condition.getStatus()))
                .ifPresent(condition -> marks.put(new Mark(key, "NoSchedule"), true)));
        if (Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
            marks.put(new Mark(UNSCHEDULABLE, "NoSchedule"), true);
        }
        boolean hasProvider = node.getSpec().getProviderID() != null
                && !node.getSpec().getProviderID().isEmpty();
        var wanted = new ArrayList<Taint>();
        for (Taint taint : node.getSpec().getTaints()) {
            var mark = new Mark(taint.getKey(), taint.getEffect());
            boolean leave = hasProvider && taint.getKey().equals(UNINITIALIZED);
            if (!leave && (!MANAGED.contains(taint.getKey()) || marks.remove(mark) != null)) {
                wanted.add(taint);
            }
        }
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        marks.keySet().forEach(mark -> wanted.add(new Taint(mark.effect, mark.key, time, null)));
        return wanted;
    }

    static boolean same(List<Taint> one, List<Taint> other) {
        return Objects.equals(one, other);
    }
}
