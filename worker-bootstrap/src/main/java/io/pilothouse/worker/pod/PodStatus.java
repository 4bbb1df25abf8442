package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.State;
import io.pilothouse.worker.kube.ApiClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes a pod's status from what its containers do. */
final class PodStatus {
    private final JsonNode pod;
    private final Observed seen;
    private final String scheme;
    private final boolean simulated;
    private final boolean initialized;
    private final List<JsonNode> unready = new ArrayList<>();

    /**
     * What the worker knows.
     *
     * @param containers all runs, by name, newest first
     * @param waiting why a container does not run, by name
     * @param messages a run's termination message
     * @param trouble why the pod can't be set up
     */
    record Observed(
            Map<String, List<Container>> containers,
            Map<String, Waiting> waiting,
            Map<String, Probes> probes,
            List<String> addresses,
            String hostAddress,
            Function<Container, String> messages,
            Optional<Waiting> trouble,
            Instant now) {
        static Map<String, List<Container>> byName(List<Container> all) {
            Map<String, List<Container>> byName = new HashMap<>();
            all.stream()
                    .sorted(Comparator.comparingInt(Container::attempt).reversed())
                    .forEach(c -> byName.computeIfAbsent(c.name(), n -> new ArrayList<>())
                            .add(c));
            return byName;
        }

        Optional<Container> latest(String name) {
            return containers.getOrDefault(name, List.of()).stream().findFirst();
        }
    }

    /** Why a container waits. */
    record Waiting(String reason, String message) {}

    PodStatus(JsonNode pod, Observed seen, ContainerRuntime runtime) throws IOException {
        this.pod = pod;
        this.seen = seen;
        this.scheme = runtime.version().replaceFirst("://.*", "://");
        this.simulated = runtime.simulated();
        this.initialized =
                Pods.list(pod.path("spec").path("initContainers")).stream().allMatch(this::initDone);
    }

    static boolean sidecar(JsonNode container) {
        return container.path("restartPolicy").asText("").equals("Always");
    }

    private boolean initDone(JsonNode container) {
        Optional<Container> run = seen.latest(container.path("name").asText());
        return run.isPresent()
                && (sidecar(container)
                        ? run.get().state() == State.RUNNING && started(run.get())
                        : run.get().state() == State.EXITED && run.get().exitCode() == 0);
    }

    private boolean started(Container run) {
        Probes probes = seen.probes().get(run.id());
        return probes != null && probes.started();
    }

    private boolean ready(Container run) {
        Probes probes = seen.probes().get(run.id());
        return run.state() == State.RUNNING && probes != null && probes.ready();
    }

    /**
     * The status.
     *
     * @param failure reason and message when the pod as a whole failed
     */
    ObjectNode make(Optional<Waiting> failure) {
        ObjectNode status = ApiClient.object();
        ArrayNode inits = status.putArray("initContainerStatuses");
        pod.path("spec").path("initContainers").forEach(c -> inits.add(container(c, true)));
        ArrayNode mains = ApiClient.object().putArray("x");
        pod.path("spec").path("containers").forEach(c -> mains.add(container(c, false)));
        if (inits.isEmpty()) {
            status.remove("initContainerStatuses");
        }
        status.set("containerStatuses", mains);
        if (!pod.path("spec").path("ephemeralContainers").isEmpty()) {
            ArrayNode extras = status.putArray("ephemeralContainerStatuses");
            pod.path("spec")
                    .path("ephemeralContainers")
                    .forEach(c -> extras.add(
                            // Nobody waits for them: they are never ready.
                            container(c, true).put("ready", false)));
        }
        if (pod.path("metadata").hasNonNull("generation")) {
            status.put(
                    "observedGeneration",
                    pod.path("metadata").path("generation").asLong());
        }
        String phase = failure.isPresent() ? "Failed" : phase();
        status.put("phase", phase);
        if (failure.isPresent()) {
            status.put("reason", failure.get().reason())
                    .put("message", failure.get().message());
        }
        status.put("qosClass", Pods.qosClass(pod));
        status.put("hostIP", seen.hostAddress()).putArray("hostIPs").addObject().put("ip", seen.hostAddress());
        if (!seen.addresses().isEmpty()) {
            status.put("podIP", seen.addresses().getFirst());
            ArrayNode ips = status.putArray("podIPs");
            seen.addresses().forEach(a -> ips.addObject().put("ip", a));
        }
        status.put(
                "startTime",
                pod.path("status").path("startTime").asText(seen.now().toString()));
        conditions(status.putArray("conditions"), phase);
        return status;
    }

    private String phase() {
        List<Optional<Container>> runs = Pods.list(pod.path("spec").path("containers")).stream()
                .map(c -> seen.latest(c.path("name").asText()))
                .toList();
        String policy = Pods.restartPolicy(pod);
        boolean initFailed = policy.equals("Never")
                && Pods.list(pod.path("spec").path("initContainers")).stream().anyMatch(c -> {
                    Optional<Container> run = seen.latest(c.path("name").asText());
                    return !sidecar(c)
                            && run.isPresent()
                            && run.get().state() == State.EXITED
                            && run.get().exitCode() != 0;
                });
        if (initFailed) {
            return "Failed";
        }
        if (!initialized && runs.stream().allMatch(Optional::isEmpty)) {
            return "Pending";
        }
        boolean ended = runs.stream().allMatch(r -> r.isPresent() && r.get().state() == State.EXITED);
        boolean good = runs.stream().allMatch(r -> r.isPresent() && r.get().exitCode() == 0);
        boolean last = Pods.terminating(pod) || policy.equals("Never") || (policy.equals("OnFailure") && good);
        if (ended && last) {
            return good ? "Succeeded" : "Failed";
        }
        return runs.stream().anyMatch(r -> r.isEmpty() || r.get().state() == State.CREATED) ? "Pending" : "Running";
    }

    private ObjectNode container(JsonNode container, boolean init) {
        String name = container.path("name").asText();
        List<Container> runs = seen.containers().getOrDefault(name, List.of());
        ObjectNode status = ApiClient.object()
                .put("name", name)
                .put("image", container.path("image").asText())
                .put("imageID", "")
                .put("restartCount", 0);
        ObjectNode state = status.putObject("state");
        status.putObject("lastState");
        PodStatus.Waiting waiting = seen.waiting().get(name);
        boolean ready = false;
        boolean started = false;
        if (!runs.isEmpty()) {
            Container run = runs.getFirst();
            status.put("imageID", run.imageRef())
                    .put("restartCount", run.attempt())
                    .put("containerID", scheme + run.id());
            started = run.state() == State.RUNNING && started(run);
            boolean once = init && !sidecar(container);
            ready = once ? (run.state() == State.EXITED && run.exitCode() == 0) : ready(run);
            boolean waits = run.state() == State.EXITED && waiting != null;
            if (run.state() == State.EXITED && !waits) {
                state.set("terminated", terminated(run));
            } else if (run.state() == State.RUNNING) {
                state.putObject("running")
                        .put("startedAt", Pods.time(run.startedNanos()).toString());
            } else {
                state.set("waiting", waiting(waiting, "ContainerCreating"));
            }
            Container last = waits ? run : runs.size() > 1 ? runs.get(1) : null;
            if (last != null && last.state() == State.EXITED) {
                ((ObjectNode) status.get("lastState")).set("terminated", terminated(last));
            }
        } else {
            state.set("waiting", waiting(waiting, !init && initialized ? "ContainerCreating" : "PodInitializing"));
        }
        boolean counts = !init || sidecar(container);
        if (!ready && counts) {
            unready.add(container);
        }
        return status.put("ready", ready).put("started", started);
    }

    private static ObjectNode waiting(PodStatus.@org.jspecify.annotations.Nullable Waiting why, String usual) {
        ObjectNode state = ApiClient.object().put("reason", why == null ? usual : why.reason());
        return why == null || why.message().isEmpty() ? state : state.put("message", why.message());
    }

    private ObjectNode terminated(Container run) {
        String reason = run.reason().isEmpty() ? run.exitCode() == 0 ? "Completed" : "Error" : run.reason();
        ObjectNode state = ApiClient.object()
                .put("exitCode", run.exitCode())
                .put("reason", reason)
                .put("containerID", scheme + run.id())
                .put("startedAt", Pods.time(run.startedNanos()).toString())
                .put("finishedAt", Pods.time(run.finishedNanos()).toString());
        String message = run.message().isEmpty() ? seen.messages().apply(run) : run.message();
        return message.isEmpty() ? state : state.put("message", message);
    }

    private void conditions(ArrayNode all, String phase) {
        boolean done = phase.equals("Succeeded");
        String names = String.join(
                " ", unready.stream().map(c -> c.path("name").asText()).toList());
        boolean ready = unready.isEmpty() && phase.equals("Running");
        String reason = done ? "PodCompleted" : phase.equals("Failed") ? "PodFailed" : "ContainersNotReady";
        String message = "containers with unready status: [" + names + "]";
        condition(
                all,
                "PodReadyToStartContainers",
                !seen.addresses().isEmpty() && !done && !phase.equals("Failed"),
                seen.trouble().map(Waiting::reason).orElse(""),
                seen.trouble().map(Waiting::message).orElse(""));
        condition(
                all,
                "Initialized",
                initialized,
                done ? "PodCompleted" : initialized ? "" : "ContainersNotInitialized",
                initialized ? "" : "containers with incomplete status");
        condition(
                all,
                "Ready",
                ready && gates(),
                ready ? gates() ? "" : "ReadinessGatesNotReady" : reason,
                ready || done ? "" : message);
        condition(all, "ContainersReady", ready, ready ? "" : reason, ready || done ? "" : message);
        condition(all, "PodScheduled", true, "", "");
        if (simulated) {
            condition(
                    all,
                    "pilothouse.io/Simulated",
                    true,
                    "NoContainerRuntime",
                    "nothing of this pod runs: its node has no container runtime");
        }
    }

    private boolean gates() {
        return Pods.list(pod.path("spec").path("readinessGates")).stream()
                .allMatch(gate -> Pods.list(pod.path("status").path("conditions")).stream()
                        .anyMatch(c -> c.path("type").equals(gate.path("conditionType"))
                                && c.path("status").asText().equals("True")));
    }

    private void condition(ArrayNode all, String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        String since = Pods.list(pod.path("status").path("conditions")).stream()
                .filter(c -> c.path("type").asText().equals(type)
                        && c.path("status").asText().equals(status))
                .map(c -> c.path("lastTransitionTime").asText())
                .findFirst()
                .orElse(seen.now().toString());
        ObjectNode condition =
                all.addObject().put("type", type).put("status", status).put("lastTransitionTime", since);
        if (reason.isEmpty()) {
            condition.putNull("reason").putNull("message");
        } else {
            condition.put("reason", reason).put("message", message);
        }
    }
}
