package io.pilothouse.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches over nodes: one that neither renews its Lease nor writes its status for the grace period is unknown; its state shows in its taints, and
 * its pods are no longer ready. Also takes a node for initialised once it names its instance, since nothing else here does.
 */
public final class NodeLifecycleController {
    private static final List<String> TYPES = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");
    private static final String NODE_INDEX = "node";

    /** The last sign of life, on our own clock: the node's may be wrong. */
    private record Sign(String status, String lease, Instant seen) {}

    private final ControllerContext context;
    private final Cache<Node> nodes;
    private final Cache<Lease> leases;
    private final Cache<Pod> pods;
    private final Duration grace;
    private final Map<String, Sign> signs = new ConcurrentHashMap<>();
    private final Map<String, Node> registered = new ConcurrentHashMap<>();

    /** Joins a context. */
    public NodeLifecycleController(ControllerContext context, Duration period, Duration grace) {
        this.context = context;
        this.grace = grace;
        this.nodes = context.cache(Node.class);
        this.leases = context.cache(Lease.class);
        this.pods = context.cache(Pod.class);
        pods.index(NODE_INDEX, pod -> List.of(PodStates.node(pod)));
        WorkQueue<Key> queue = context.queue("node-lifecycle", 4, this::reconcile);
        nodes.onAny(node -> queue.add(Key.of(node)));
        context.every("node-monitor", period, () -> nodes.all().forEach(node -> queue.add(Key.of(node))));
    }

    private Outcome reconcile(Key key) {
        var found = nodes.find(key);
        if (found.isEmpty()) {
            signs.remove(key.name());
            Node gone = registered.remove(key.name());
            if (gone != null) {
                tell(gone, "RemovingNode", "Removing Node " + key.name() + " from Controller");
            }
            return Outcome.done();
        }
        Node node = found.get();
        if (registered.put(key.name(), node) == null) {
            tell(node, "RegisteredNode", "Registered Node " + key.name() + " in Controller");
        }
        Instant now = context.clock().instant();
        Instant seen = sign(node, now);
        boolean silent = seen.plus(grace).isBefore(now);
        String ready = NodeTaints.condition(node, "Ready")
                .map(NodeCondition::getStatus)
                .orElse("");
        if (silent && !ready.equals("Unknown")) {
            node = context.client().resource(unknown(node, now)).updateStatus();
            if (ready.equals("True")) {
                context.events().normal(node, "NodeNotReady", "Node " + key.name() + " status is now: NodeNotReady");
            }
        }
        var taints = NodeTaints.wanted(node, now);
        if (!NodeTaints.same(taints, node.getSpec().getTaints())) {
            node = context.client()
                    .resource(new NodeBuilder(node)
                            .editSpec()
                            .withTaints(taints)
                            .endSpec()
                            .build())
                    .update();
        }
        if (NodeTaints.condition(node, "Ready")
                .filter(condition -> !"True".equals(condition.getStatus()))
                .isPresent()) {
            pods.byIndex(NODE_INDEX, key.name()).stream()
                    .filter(PodStates::isReady)
                    .forEach(this::unready);
        }
        return Outcome.done();
    }

    private void tell(Node node, String reason, String what) {
        context.events().normal(node, reason, "Node " + node.getMetadata().getName() + " event: " + what);
    }

    private Instant sign(Node node, Instant now) {
        String name = node.getMetadata().getName();
        String status = NodeTaints.condition(node, "Ready")
                .map(NodeCondition::getLastHeartbeatTime)
                .orElse("");
        String lease = leases.find("kube-node-lease", name)
                .map(found -> String.valueOf(found.getSpec().getRenewTime()))
                .orElse("");
        var sign = signs.compute(
                name,
                (ignored, before) -> before != null && before.status.equals(status) && before.lease.equals(lease)
                        ? before
                        : new Sign(status, lease, now));
        return sign.seen;
    }

    private static Node unknown(Node node, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var conditions = new ArrayList<NodeCondition>();
        if (node.getStatus() != null) {
            node.getStatus().getConditions().stream()
                    .filter(condition -> !TYPES.contains(condition.getType()))
                    .forEach(conditions::add);
        }
        for (String type : TYPES) {
            conditions.add(NodeTaints.condition(node, type)
                    .map(before -> new NodeConditionBuilder(before)
                            .withStatus("Unknown")
                            .withReason("NodeStatusUnknown")
                            .withMessage("Kubelet stopped posting node status.")
                            .withLastTransitionTime(time)
                            .build())
                    .orElseGet(() -> new NodeConditionBuilder()
                            .withType(type)
                            .withStatus("Unknown")
                            .withReason("NodeStatusNeverUpdated")
                            .withMessage("Kubelet never posted node status.")
                            .withLastHeartbeatTime(node.getMetadata().getCreationTimestamp())
                            .withLastTransitionTime(time)
                            .build()));
        }
        return new NodeBuilder(node)
                .editOrNewStatus()
                .withConditions(conditions)
                .endStatus()
                .build();
    }

    private void unready(Pod pod) {
        var conditions = pod.getStatus().getConditions().stream()
                .map(condition -> condition.getType().equals("Ready")
                        ? new PodConditionBuilder(condition)
                                .withStatus("False")
                                .withLastTransitionTime(context.clock()
                                        .instant()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString())
                                .build()
                        : condition)
                .toList();
        try {
            context.client()
                    .resource(new PodBuilder(pod)
                            .editStatus()
                            .withConditions(conditions)
                            .endStatus()
                            .build())
                    .updateStatus();
            context.events().warning(pod, "NodeNotReady", "Node is not ready");
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }
}
