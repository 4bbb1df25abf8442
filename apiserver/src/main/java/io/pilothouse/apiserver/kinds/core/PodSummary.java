package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.kinds.pod.Containers;
import io.pilothouse.apiserver.kinds.pod.PodConditions;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;

/** What becomes of a pod, in a few words: from its phase, its conditions and the states of its containers. */
final class PodSummary {
    private final ObjectNode pod;
    private final JsonNode status;
    private String reason;
    private int total;
    private int ready;
    private Restarts restarts = new Restarts();

    /** How often containers were started again, and when the last one was. */
    private static final class Restarts {
        private long count;
        private Instant last = Instant.MIN;

        void add(JsonNode container) {
            count += container.path("restartCount").asLong();
            String finished = container
                    .path("lastState")
                    .path("terminated")
                    .path("finishedAt")
                    .asText("");
            if (!finished.isEmpty() && Instant.parse(finished).isAfter(last)) {
                last = Instant.parse(finished);
            }
        }
    }

    private PodSummary(ObjectNode pod) {
        this.pod = pod;
        this.status = pod.path("status");
        String told = status.path("reason").asText("");
        this.reason = told.isEmpty() ? status.path("phase").asText("") : told;
    }

    static PodSummary of(ObjectNode pod) {
        var summary = new PodSummary(pod);
        summary.read();
        return summary;
    }

    String reason() {
        return reason;
    }

    String readiness() {
        return ready + "/" + total;
    }

    Aged restarts() {
        return restarts.count == 0 || restarts.last.equals(Instant.MIN)
                ? Aged.never(Long.toString(restarts.count))
                : new Aged(restarts.count + " (", restarts.last, " ago)");
    }

    private void read() {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals("PodScheduled")
                    && condition.path("reason").asText("").equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
        }
        var spec = pod.path("spec");
        total = spec.path("containers").size();
        for (var container : spec.path("initContainers")) {
            total += Containers.isSidecar(container) ? 1 : 0;
        }
        var sidecars = new Restarts();
        boolean initializing = initContainers(sidecars);
        if (!initializing || PodConditions.holds(pod, "Initialized")) {
            restarts = sidecars;
            containers();
        }
        if (ObjectMeta.isTerminating(pod)) {
            String phase = status.path("phase").asText("");
            if (status.path("reason").asText("").equals("NodeLost")) {
                reason = "Unknown";
            } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                reason = "Terminating";
            }
        }
    }

    private boolean isSidecar(JsonNode container) {
        for (var declared : pod.path("spec").path("initContainers")) {
            if (declared.path("name").equals(container.path("name"))) {
                return Containers.isSidecar(declared);
            }
        }
        return false;
    }

    /** @return whether one of them has not done its work yet */
    private boolean initContainers(Restarts sidecars) {
        int index = 0;
        for (var container : status.path("initContainerStatuses")) {
            restarts.add(container);
            boolean sidecar = isSidecar(container);
            if (sidecar) {
                sidecars.add(container);
            }
            var state = container.path("state");
            var ended = state.path("terminated");
            String waiting = state.path("waiting").path("reason").asText("");
            if (ended.isObject() && ended.path("exitCode").asLong() == 0) {
                index++;
                continue;
            }
            if (sidecar && container.path("started").asBoolean()) {
                ready += container.path("ready").asBoolean() ? 1 : 0;
                index++;
                continue;
            }
            if (ended.isObject()) {
                reason = "Init:" + ended(ended);
            } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                reason = "Init:" + waiting;
            } else {
                reason = "Init:" + index + "/"
                        + pod.path("spec").path("initContainers").size();
            }
            return true;
        }
        return false;
    }

    private static String ended(JsonNode state) {
        String told = state.path("reason").asText("");
        if (!told.isEmpty()) {
            return told;
        }
        long signal = state.path("signal").asLong();
        return signal != 0
                ? "Signal:" + signal
                : "ExitCode:" + state.path("exitCode").asLong();
    }

    private void containers() {
        boolean running = false;
        String failure = "";
        var containers = status.path("containerStatuses");
        for (int i = containers.size() - 1; i >= 0; i--) {
            var container = containers.get(i);
            restarts.add(container);
            var state = container.path("state");
            var ended = state.path("terminated");
            String waiting = state.path("waiting").path("reason").asText("");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (ended.isObject()) {
                reason = ended(ended);
                failure = ended.path("exitCode").asLong() == 0 ? failure : reason;
            } else if (container.path("ready").asBoolean() && state.has("running")) {
                running = true;
                ready++;
            }
        }
        if (reason.equals("Completed")) {
            if (running && PodConditions.holds(pod, "Ready")) {
                reason = "Running";
            } else if (!failure.isEmpty()) {
                reason = failure;
            } else if (running) {
                reason = "NotReady";
            }
        }
    }
}
