package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.Sandbox;
import io.pilothouse.worker.cri.ContainerRuntime.State;
import io.pilothouse.worker.cri.SandboxSpec;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one pod as it should be, on a thread of its own: looks at the runtime, does the next step, tells the API server. All state but that
 * of back-offs and probes is read from the runtime each time, so a new agent carries on where the last one ended.
 */
final class PodWorker {
    private static final Logger log = LoggerFactory.getLogger(PodWorker.class);
    private static final long LOOK_MILLIS = 1000;
    private static final Duration VOLUMES_FRESH = Duration.ofSeconds(60);
    private static final int MESSAGE_BYTES = 4096;
    private final PodParts parts;
    private final ContainerRuntime runtime;
    private final ContainerStarter starter;
    private final Runnable onEnd;
    private final Semaphore wake = new Semaphore(0);
    private final Backoff crashes = new Backoff();
    private final Map<String, PodStatus.Waiting> waiting = new HashMap<>();
    private final Map<String, Probes> probes = new HashMap<>();
    private volatile JsonNode pod;
    private volatile boolean gone;
    private @Nullable ObjectNode sent;
    private Map<String, Path> volumes = Map.of();
    private Instant volumesAt = Instant.EPOCH;

    /** Starts it. */
    PodWorker(JsonNode pod, PodParts parts, Runnable onEnd) {
        this.pod = pod;
        this.parts = parts;
        this.runtime = parts.runtime();
        this.starter = new ContainerStarter(parts);
        this.onEnd = onEnd;
        Thread.ofVirtual().name("pod " + Pods.namespace(pod) + "/" + Pods.name(pod)).start(this::run);
    }

    /** The pod changed. */
    void update(JsonNode newPod) {
        pod = newPod;
        wake.release();
    }

    /** The pod is no more in the API: end what runs. */
    void end() {
        gone = true;
        wake.release();
    }

    private void run() {
        boolean done = false;
        while (!done) {
            try {
                done = sync(pod);
            } catch (IOException | RuntimeException e) {
                log.atWarn().addKeyValue("pod", Pods.name(pod)).addKeyValue("error", e.toString()).log("pod sync failed");
            }
            try {
                if (!done && wake.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
        probes.values().forEach(Probes::close);
        onEnd.run();
    }

    private boolean sync(JsonNode now) throws IOException {
        Optional<Sandbox> sandbox = runtime.sandboxes().stream()
                .filter(s -> s.uid().equals(Pods.uid(now))).max(Comparator.comparingInt(Sandbox::attempt));
        if (gone || Pods.terminating(now)) {
            terminate(now, sandbox);
            return true;
        }
        for (Sandbox old : runtime.sandboxes()) {
            if (old.uid().equals(Pods.uid(now)) && !old.id().equals(sandbox.map(Sandbox::id).orElse(old.id()))) {
                runtime.stopSandbox(old.id());
                runtime.removeSandbox(old.id()); // its containers' names would be taken
            }
        }
        if (Pods.finished(now)) {
            if (sandbox.isPresent() && sandbox.get().ready()) {
                runtime.stopSandbox(sandbox.get().id());
            }
            return false;
        }
        ContainerStarter.Place place = place(now, sandbox);
        List<Container> all = runtime.containers(place.sandboxId());
        if (advance(now, place, PodStatus.Observed.byName(all))) {
            all = runtime.containers(place.sandboxId());
        }
        watchProbes(now, place, all);
        report(now, PodStatus.Observed.byName(all), place.addresses());
        return false;
    }

    /** The sandbox, made when there is none that works, and the volumes. */
    private ContainerStarter.Place place(JsonNode now, Optional<Sandbox> present) throws IOException {
        int attempt = present.map(Sandbox::attempt).orElse(0);
        boolean fresh = present.isEmpty() || !present.get().ready();
        try {
            if (present.isPresent() && fresh) {
                runtime.stopSandbox(present.get().id());
                runtime.removeSandbox(present.get().id()); // its containers' names would be taken
                attempt++;
            }
            SandboxSpec spec = parts.plan().sandbox(now, attempt);
            if (fresh) {
                Files.createDirectories(parts.plan().logDirectory(now));
                volumes(now, List.of());
            }
            String id = fresh ? runtime.runSandbox(spec) : present.get().id();
            List<String> addresses = spec.shared().hostNetwork() ? List.of(parts.settings().identity().address()) : runtime.addresses(id);
            if (!Files.exists(parts.volumes().home(now).resolve("etc-hosts")) || fresh) {
                Files.createDirectories(parts.volumes().home(now));
                Files.writeString(parts.volumes().home(now).resolve("etc-hosts"), PodPlan.hosts(now, addresses));
            }
            if (fresh || parts.clock().instant().isAfter(volumesAt.plus(VOLUMES_FRESH))) {
                volumes(now, addresses);
            }
            return new ContainerStarter.Place(id, spec, addresses, volumes);
        } catch (IOException e) {
            parts.events().warning(now, "", e instanceof ConfigException c ? c.reason() : "FailedCreatePodSandBox", String.valueOf(e.getMessage()));
            report(now, Map.of(), List.of());
            throw e;
        }
    }

    private void volumes(JsonNode now, List<String> addresses) throws IOException {
        volumes = parts.volumes().prepare(now, addresses);
        volumesAt = parts.clock().instant();
    }

    /** Starts what should run now; whether anything was tried. */
    private boolean advance(JsonNode now, ContainerStarter.Place place, Map<String, List<Container>> runs) throws IOException {
        boolean tried = false;
        for (JsonNode init : now.path("spec").path("initContainers")) {
            boolean sidecar = PodStatus.sidecar(init);
            Optional<Container> run = runs.getOrDefault(init.path("name").asText(), List.of()).stream().findFirst();
            boolean passed = run.isPresent() && (sidecar
                    ? run.get().state() == State.RUNNING && Optional.ofNullable(probes.get(run.get().id())).map(Probes::started).orElse(false)
                    : run.get().state() == State.EXITED && run.get().exitCode() == 0);
            if (!passed || (sidecar && run.get().state() != State.RUNNING)) {
                return step(now, init, run, place, sidecar ? "Always" : Pods.restartPolicy(now).equals("Never") ? "Never" : "OnFailure");
            }
            waiting.remove(init.path("name").asText());
        }
        for (JsonNode container : now.path("spec").path("containers")) {
            Optional<Container> run = runs.getOrDefault(container.path("name").asText(), List.of()).stream().findFirst();
            tried |= step(now, container, run, place, Pods.restartPolicy(now));
        }
        return tried;
    }

    private boolean step(JsonNode now, JsonNode container, Optional<Container> run, ContainerStarter.Place place, String policy) throws IOException {
        String name = container.path("name").asText();
        int attempt = earlierRuns(now, name);
        if (run.isPresent()) {
            Container last = run.get();
            if (last.state() == State.RUNNING) {
                waiting.remove(name);
                return false;
            }
            boolean again = last.state() != State.EXITED || policy.equals("Always") || (policy.equals("OnFailure") && last.exitCode() != 0);
            if (!again) {
                return false;
            }
            Instant time = parts.clock().instant();
            if (crashes.waiting(name, Pods.time(Math.max(last.finishedNanos(), last.createdNanos())), time)) {
                String message = "back-off " + crashes.pause(name).toSeconds() + "s restarting failed container=" + name + " pod=" + Pods.name(now)
                        + "_" + Pods.namespace(now) + "(" + Pods.uid(now) + ")";
                if (!waiting.containsKey(name) || !waiting.get(name).reason().equals("CrashLoopBackOff")) {
                    parts.events().warning(now, name, "BackOff", "Back-off restarting failed container " + name);
                }
                waiting.put(name, new PodStatus.Waiting("CrashLoopBackOff", message));
                return false;
            }
            crashes.tried(name, time);
            attempt = last.attempt() + 1;
        }
        try {
            if (run.isEmpty()) {
                volumes(now, place.addresses());
            }
            starter.start(now, container, attempt, place);
            waiting.remove(name);
            if (attempt > 1) {
                removeOld(place.sandboxId(), name, attempt - 1);
            }
        } catch (ConfigException e) {
            waiting.put(name, new PodStatus.Waiting(e.reason(), String.valueOf(e.getMessage())));
        }
        return true;
    }

    /** Runs in sandboxes that are gone; what they left in the status still counts. */
    private static int earlierRuns(JsonNode now, String name) {
        for (String field : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode status : now.path("status").path(field)) {
                if (status.path("name").asText().equals(name) && status.hasNonNull("containerID")) {
                    return status.path("restartCount").asInt(0) + 1;
                }
            }
        }
        return 0;
    }

    private void removeOld(String sandboxId, String name, int keepFrom) throws IOException {
        for (Container old : runtime.containers(sandboxId)) {
            if (old.name().equals(name) && old.attempt() < keepFrom) {
                runtime.remove(old.id());
                Files.deleteIfExists(Path.of(old.logPath()));
            }
        }
    }

    private void watchProbes(JsonNode now, ContainerStarter.Place place, List<Container> all) {
        Set<String> running = new HashSet<>();
        List<JsonNode> specs = new ArrayList<>(Pods.list(now.path("spec").path("containers")));
        specs.addAll(Pods.list(now.path("spec").path("initContainers")));
        for (Container run : all) {
            if (run.state() != State.RUNNING) {
                continue;
            }
            running.add(run.id());
            specs.stream().filter(c -> c.path("name").asText().equals(run.name())).findFirst().ifPresent(container -> probes.computeIfAbsent(run.id(),
                    id -> new Probes(runtime.simulated() ? ApiClient.object() : container,
                            new Probes.Target(parts.actions(), id, place.addresses().isEmpty() ? "" : place.addresses().getFirst()),
                            listener(now, container, id))));
        }
        probes.entrySet().removeIf(e -> {
            boolean ended = !running.contains(e.getKey());
            if (ended) {
                e.getValue().close();
            }
            return ended;
        });
    }

    private Probes.Listener listener(JsonNode now, JsonNode container, String id) {
        return new Probes.Listener() {
            @Override
            public void changed() {
                wake.release();
            }

            @Override
            public void failed(String kind, String message, boolean fatal) {
                String name = container.path("name").asText();
                parts.events().warning(now, name, "Unhealthy", kind + " probe failed: " + message);
                if (fatal) {
                    parts.events().normal(now, name, "Killing", "Container " + name + " failed " + kind.toLowerCase(java.util.Locale.ROOT) + " probe, will be restarted");
                    try {
                        runtime.stop(id, Duration.ofSeconds(now.path("spec").path("terminationGracePeriodSeconds").asLong(30)));
                    } catch (IOException e) {
                        log.atWarn().addKeyValue("container", name).addKeyValue("error", e.getMessage()).log("container not stopped");
                    }
                    wake.release();
                }
            }
        };
    }

    private void report(JsonNode now, Map<String, List<Container>> runs, List<String> addresses) throws IOException {
        PodStatus.Observed seen = new PodStatus.Observed(
                runs, waiting, probes, addresses, parts.settings().identity().address(), name -> message(now, name),
                parts.clock().instant().truncatedTo(ChronoUnit.SECONDS));
        ObjectNode status = new PodStatus(now, seen, runtime.version()).make(Optional.empty());
        if (status.equals(sent)) {
            return;
        }
        ObjectNode patch = ApiClient.object();
        patch.putObject("metadata").put("uid", Pods.uid(now));
        patch.set("status", status);
        try {
            JsonNode updated = parts.client().strategicPatch(Pods.path(now) + "/status", patch);
            sent = status;
            if (pod == now) {
                pod = updated;
            }
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }

    private String message(JsonNode now, String container) {
        try {
            byte[] bytes = Files.readAllBytes(parts.volumes().home(now).resolve("messages").resolve(container));
            return new String(bytes, 0, Math.min(bytes.length, MESSAGE_BYTES), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends the containers with their grace, then everything else, and lets the API forget the pod. */
    private void terminate(JsonNode now, Optional<Sandbox> sandbox) throws IOException {
        probes.values().forEach(Probes::close);
        if (sandbox.isPresent()) {
            long grace = gone ? 2 : now.path("metadata").path("deletionGracePeriodSeconds").asLong(30);
            List<Container> all = runtime.containers(sandbox.get().id());
            List<String> addresses = sandbox.get().ready() ? runtime.addresses(sandbox.get().id()) : List.of();
            List<Thread> stops = all.stream().filter(c -> c.state() == State.RUNNING)
                    .map(c -> Thread.ofVirtual().start(() -> stop(now, c, addresses, Duration.ofSeconds(grace)))).toList();
            for (Thread stop : stops) {
                try {
                    stop.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
            runtime.stopSandbox(sandbox.get().id());
            if (!gone) {
                report(now, PodStatus.Observed.byName(runtime.containers(sandbox.get().id())), addresses);
            }
        }
        for (Sandbox one : runtime.sandboxes()) {
            if (one.uid().equals(Pods.uid(now))) {
                runtime.stopSandbox(one.id());
                runtime.removeSandbox(one.id());
            }
        }
        parts.volumes().remove(Pods.uid(now));
        parts.tokens().forget(Pods.uid(now));
        parts.cgroups().remove(Pods.uid(now));
        io.pilothouse.worker.cri.Shell.run(Map.of(), "rm", "-rf", parts.plan().logDirectory(now).toString());
        if (!gone) {
            ObjectNode options = ApiClient.object().put("apiVersion", "v1").put("kind", "DeleteOptions").put("gracePeriodSeconds", 0);
            options.putObject("preconditions").put("uid", Pods.uid(now));
            try {
                parts.client().delete(Pods.path(now), options);
            } catch (ApiException e) {
                if (e.code() != 404 && e.code() != 409) {
                    throw e;
                }
            }
        }
    }

    private void stop(JsonNode now, Container run, List<String> addresses, Duration grace) {
        parts.events().normal(now, run.name(), "Killing", "Stopping container " + run.name());
        Instant from = parts.clock().instant();
        JsonNode container = Pods.list(now.path("spec").path("containers")).stream()
                .filter(c -> c.path("name").asText().equals(run.name())).findFirst().orElse(ApiClient.object());
        JsonNode hook = container.path("lifecycle").path("preStop");
        if (hook.isObject() && !grace.isZero()) {
            String failure = parts.actions().run(hook, container, run.id(), addresses.isEmpty() ? "" : addresses.getFirst(), grace);
            if (!failure.isEmpty()) {
                parts.events().warning(now, run.name(), "FailedPreStopHook", "PreStopHook failed: " + failure);
            }
        }
        Duration left = grace.minus(Duration.between(from, parts.clock().instant()));
        try {
            runtime.stop(run.id(), left.compareTo(Duration.ofSeconds(2)) < 0 && !grace.isZero() ? Duration.ofSeconds(2) : grace.isZero() ? Duration.ZERO : left);
        } catch (IOException e) {
            log.atWarn().addKeyValue("container", run.name()).addKeyValue("error", e.getMessage()).log("container not stopped");
        }
    }
}
