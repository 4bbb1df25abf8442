package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;

/** What kubectl shows of a pod. */
final class PodColumns {
    private PodColumns() {}

    static Column[] all() {
        return new Column[] {
            TableWriter.name(),
            Column.text("Ready", "The aggregate readiness state of this pod for accepting traffic.", PodColumns::ready),
            Column.text("Status", "The aggregate status of the containers in this pod.", PodColumns::status),
            new Column(
                    "Restarts",
                    "string",
                    "",
                    "The number of times the containers in this pod have been restarted and when the last container in"
                            + " this pod has restarted.",
                    0,
                    (o, now) -> JsonNodeFactory.instance.textNode(restarts(o, now))),
            TableWriter.age(),
            Column.text(
                            "IP",
                            "The address of the pod.",
                            o -> orNone(o.path("status").path("podIP").asText("")))
                    .wide(),
            Column.text(
                            "Node",
                            "The node of the pod.",
                            o -> orNone(o.path("spec").path("nodeName").asText("")))
                    .wide(),
            Column.text(
                            "Nominated Node",
                            "The node that is being made free for the pod.",
                            o -> orNone(
                                    o.path("status").path("nominatedNodeName").asText("")))
                    .wide(),
            Column.text("Readiness Gates", "How many of the pod's own conditions hold.", PodColumns::gates)
                    .wide()
        };
    }

    private static String orNone(String value) {
        return value.isEmpty() ? "<none>" : value;
    }

    private static boolean restartable(JsonNode pod, String name) {
        for (var container : pod.path("spec").path("initContainers")) {
            if (container.path("name").asText().equals(name)) {
                return container.path("restartPolicy").asText().equals("Always");
            }
        }
        return false;
    }

    private static String ready(ObjectNode pod) {
        long total = pod.path("spec").path("containers").size();
        long ready = 0;
        for (var status : pod.path("status").path("containerStatuses")) {
            if (status.path("ready").asBoolean() && status.path("state").has("running")) {
                ready++;
            }
        }
        for (var status : pod.path("status").path("initContainerStatuses")) {
            if (restartable(pod, status.path("name").asText())) {
                total++;
                if (status.path("ready").asBoolean()) {
                    ready++;
                }
            }
        }
        return ready + "/" + total;
    }

    static String status(ObjectNode pod) {
        String reason = pod.path("status").path("reason").asText("");
        if (reason.isEmpty()) {
            reason = pod.path("status").path("phase").asText("");
        }
        for (var condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")
                    && condition.path("reason").asText().equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
        }
        String initializing = initStatus(pod);
        if (!initializing.isEmpty()) {
            reason = initializing;
        } else {
            reason = containerStatus(pod, reason);
        }
        if (ObjectMeta.isTerminating(pod)) {
            if (pod.path("status").path("reason").asText().equals("NodeLost")) {
                return "Unknown";
            }
            String phase = pod.path("status").path("phase").asText();
            return phase.equals("Succeeded") || phase.equals("Failed") ? reason : "Terminating";
        }
        return reason;
    }

    private static String initStatus(ObjectNode pod) {
        int total = pod.path("spec").path("initContainers").size();
        int index = 0;
        for (var status : pod.path("status").path("initContainerStatuses")) {
            index++;
            var state = status.path("state");
            boolean done = state.has("terminated")
                    && state.path("terminated").path("exitCode").asInt() == 0;
            boolean sidecarStarted = restartable(pod, status.path("name").asText())
                    && status.path("started").asBoolean();
            if (done || sidecarStarted) {
                continue;
            }
            if (state.has("terminated")) {
                return "Init:" + terminated(state.path("terminated"));
            }
            String waiting = state.path("waiting").path("reason").asText("");
            if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                return "Init:" + waiting;
            }
            return "Init:" + (index - 1) + "/" + total;
        }
        return "";
    }

    private static String terminated(JsonNode state) {
        String reason = state.path("reason").asText("");
        if (!reason.isEmpty()) {
            return reason;
        }
        int signal = state.path("signal").asInt(0);
        return signal != 0
                ? "Signal:" + signal
                : "ExitCode:" + state.path("exitCode").asInt();
    }

    private static String containerStatus(ObjectNode pod, String otherwise) {
        String reason = otherwise;
        boolean running = false;
        var statuses = pod.path("status").path("containerStatuses");
        for (int i = statuses.size() - 1; i >= 0; i--) {
            var state = statuses.get(i).path("state");
            String waiting = state.path("waiting").path("reason").asText("");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (state.has("terminated")) {
                reason = terminated(state.path("terminated"));
            } else if (statuses.get(i).path("ready").asBoolean() && state.has("running")) {
                running = true;
            }
        }
        if (reason.equals("Completed") && running) {
            reason = isReady(pod) ? "Running" : "NotReady";
        }
        return reason;
    }

    private static boolean isReady(ObjectNode pod) {
        for (var condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static String restarts(ObjectNode pod, Instant now) {
        long count = 0;
        Instant last = Instant.MIN;
        var all = new ArrayList<JsonNode>();
        pod.path("status").path("containerStatuses").forEach(all::add);
        pod.path("status").path("initContainerStatuses").forEach(s -> {
            if (restartable(pod, s.path("name").asText())) {
                all.add(s);
            }
        });
        for (var status : all) {
            count += status.path("restartCount").asLong();
            String finished = status.path("lastState")
                    .path("terminated")
                    .path("finishedAt")
                    .asText("");
            if (!finished.isEmpty() && Instant.parse(finished).isAfter(last)) {
                last = Instant.parse(finished);
            }
        }
        return count == 0 || last.equals(Instant.MIN)
                ? Long.toString(count)
                : count + " (" + TableWriter.since(last, now) + " ago)";
    }

    private static String gates(ObjectNode pod) {
        var gates = pod.path("spec").path("readinessGates");
        if (gates.isEmpty()) {
            return "<none>";
        }
        int holding = 0;
        for (var gate : gates) {
            for (var condition : pod.path("status").path("conditions")) {
                if (condition.path("type").equals(gate.path("conditionType"))
                        && condition.path("status").asText().equals("True")) {
                    holding++;
                }
            }
        }
        return holding + "/" + gates.size();
    }
}
