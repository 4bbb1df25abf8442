package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;

/** The table of pods. */
final class PodColumns {
    private static final String NODE_TEXT =
            "NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler"
                    + " defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of"
                    + " this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node."
                    + " https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename";
    private static final String NOMINATED_TEXT =
            "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as"
                    + " preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be"
                    + " scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner."
                    + " Scheduler may also decide to give the resources on this node to a higher priority pod that is created after"
                    + " preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.";
    private static final String GATES_TEXT =
            "If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready"
                    + " AND all conditions specified in the readiness gates have status equal to \"True\" More info:"
                    + " https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates";

    private PodColumns() {}

    static Column[] all() {
        return new Column[] {
            TableWriter.name(),
            Column.text(
                    "Ready",
                    "The aggregate readiness state of this pod for accepting traffic.",
                    o -> PodSummary.of(o).readiness()),
            Column.text(
                    "Status",
                    "The aggregate status of the containers in this pod.",
                    o -> PodSummary.of(o).reason()),
            Column.aging(
                    "Restarts",
                    "The number of times the containers in this pod have been restarted and when the last container in"
                            + " this pod has restarted.",
                    o -> PodSummary.of(o).restarts()),
            TableWriter.age(),
            Column.text(
                            "IP",
                            "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.",
                            o -> orNone(o.path("status").path("podIPs").path(0).path("ip")))
                    .wide(),
            Column.text("Node", NODE_TEXT, o -> orNone(o.path("spec").path("nodeName")))
                    .wide(),
            Column.text(
                            "Nominated Node",
                            NOMINATED_TEXT,
                            o -> orNone(o.path("status").path("nominatedNodeName")))
                    .wide(),
            Column.text("Readiness Gates", GATES_TEXT, PodColumns::gates).wide()
        };
    }

    /** What a row says of a pod that has ended. */
    static ArrayNode conditions(ObjectNode pod) {
        var conditions = JsonNodeFactory.instance.arrayNode();
        String phase = pod.path("status").path("phase").asText("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            conditions
                    .addObject()
                    .put("type", "Completed")
                    .put("status", "True")
                    .put("reason", phase)
                    .put("message", phase.equals("Failed") ? "The pod failed." : "The pod has completed successfully.");
        }
        return conditions;
    }

    private static String orNone(JsonNode value) {
        String text = value.asText("");
        return text.isEmpty() ? "<none>" : text;
    }

    private static String gates(ObjectNode pod) {
        var gates = pod.path("spec").path("readinessGates");
        if (gates.isEmpty()) {
            return "<none>";
        }
        int holding = 0;
        for (var gate : gates) {
            for (var condition : pod.path("status").path("conditions")) {
                if (condition.path("type").equals(gate.path("conditionType"))) {
                    holding += condition.path("status").asText().equals("True") ? 1 : 0;
                    break;
                }
            }
        }
        return holding + "/" + gates.size();
    }
}
