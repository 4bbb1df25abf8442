package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.cri.Cgroups;
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
import org.slf4j.event.Level;

/**
 * Keeps one pod as it should be, on a thread of its own: looks at the runtime, does the next step, tells the API server. All state but that
 * of back-offs and probes is read from the runtime each time, so a new agent carries on where the last one ended.
 */
final class PodWorker {
    private static final Logger log = LoggerFactory.getLogger(PodWorker.class);
    private static final long LOOK_MILLIS = 1000;
    private static final long LONGEST_LOOK_MILLIS = 30_000;
    private static final Duration VOLUMES_FRESH = Duration.ofSeconds(60);
    private static final Duration LOGS_LOOK = Duration.ofSeconds(10);
    private final PodParts parts;
    private final ContainerRuntime runtime;
    private final ContainerSteps steps;
    private final ContainerStopper stopper;
    private final StorageWatch storage;
    private final Runnable onEnd;
    private final Semaphore wake = new Semaphore(0);
    private final Map<String, PodStatus.Waiting> waiting = new HashMap<>();
    private final Map<String, Probes> probes = new HashMap<>();
    private volatile JsonNode pod;
    private volatile boolean abandoned;
    private volatile @Nullable Thread thread;
    private volatile boolean gone;
    private @Nullable ObjectNode sent;
    private Optional<PodStatus.Waiting> trouble = Optional.empty();
    private Optional<PodStatus.Waiting> failure = Optional.empty();
    private Map<String, Path> volumes = Map.of();
    private Instant volumesAt = Instant.EPOCH;
    private Instant logsAt = Instant.EPOCH;

    /** For a pod; {@link #start} starts it. */
    PodWorker(JsonNode pod, PodParts parts, Runnable onEnd) {
        this.pod = pod;
        this.parts = parts;
        this.runtime = parts.runtime();
        this.steps = new ContainerSteps(parts, waiting, probes);
        this.stopper = new ContainerStopper(parts);
        this.storage = new StorageWatch(parts);
        this.onEnd = onEnd;
    }

    void start() {
        thread = Thread.ofVirtual()
                .name("pod " + Pods.namespace(pod) + "/" + Pods.name(pod))
                .start(this::run);
    }

    /** Leaves the pod as it is: what runs goes on without the agent. {@link #join} waits until it has happened. */
    void abandon() {
        abandoned = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Waits for the thread's end. */
    void join(Duration patience) throws InterruptedException {
        var running = thread;
        if (running != null) {
            running.join(patience);
        }
    }

    /** The pod changed. */
    void update(JsonNode newPod) {
        replace(newPod, Optional.empty());
        wake.release();
    }

    /** What the watch brought while an answer was on its way stands: it may be a deletion, which comes once. */
    private synchronized void replace(JsonNode newPod, Optional<JsonNode> answerTo) {
        if (answerTo.isEmpty() || answerTo.get() == pod) {
            pod = newPod;
        }
    }

    /** The pod is no more in the API: end what runs. */
    void end() {
        gone = true;
        wake.release();
    }

    private void run() {
        boolean done = false;
        long pause = LOOK_MILLIS;
        while (!done && !abandoned) {
            try {
                done = sync(pod);
                pause = LOOK_MILLIS;
            } catch (IOException | RuntimeException e) {
                log.atLevel(abandoned ? Level.DEBUG : Level.WARN)
                        .addKeyValue("pod", Pods.name(pod))
                        .addKeyValue("error", e.toString())
                        .log("pod sync failed");
                pause = Math.min(LONGEST_LOOK_MILLIS, pause * 2);
            }
            try {
                if (!done && wake.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                break;
            }
        }
        probes.values().forEach(Probes::close);
        onEnd.run();
    }

    private boolean sync(JsonNode now) throws IOException {
        Optional<Sandbox> sandbox = runtime.sandboxes().stream()
                .filter(s -> s.uid().equals(Pods.uid(now)))
                .max(Comparator.comparingInt(Sandbox::attempt));
        if (gone || Pods.terminating(now)) {
            terminate(now, sandbox);
            return true;
        }
        for (Sandbox old : runtime.sandboxes()) {
            if (old.uid().equals(Pods.uid(now))
                    && !old.id().equals(sandbox.map(Sandbox::id).orElse(old.id()))) {
                runtime.stopSandbox(old.id());
                runtime.removeSandbox(old.id()); // its containers' names would be taken
            }
        }
        if (failure.isEmpty()) {
            failure = PodVerdict.of(now, parts.clock().instant()).or(() -> storage.exceeded(now, sandbox));
            failure.ifPresent(why -> parts.events().warning(now, "", why.reason(), why.message()));
        }
        if (failure.isPresent() || Pods.finished(now)) {
            settle(now, sandbox);
            return false;
        }
        ContainerStarter.Place place = place(now, sandbox);
        List<Container> all = runtime.containers(place.sandboxId());
        if (steps.advance(now, place, PodStatus.Observed.byName(all))) {
            all = runtime.containers(place.sandboxId());
        }
        watchProbes(now, place, all);
        boundLogs(all);
        report(now, PodStatus.Observed.byName(all), place.addresses());
        return false;
    }

    /** A pod that has come to its end by itself, or must: what runs of it still is ended, and its last status is told. */
    private void settle(JsonNode now, Optional<Sandbox> sandbox) throws IOException {
        probes.values().forEach(Probes::close);
        probes.clear();
        if (sandbox.isPresent() && sandbox.get().ready()) {
            List<String> addresses = runtime.addresses(sandbox.get().id());
            boolean evicted = failure.filter(why -> why.reason().equals(StorageWatch.EVICTED))
                    .isPresent();
            Duration grace = evicted ? StorageWatch.GRACE : Pods.grace(now);
            stopper.stopAll(now, runtime.containers(sandbox.get().id()), addresses, grace);
            runtime.stopSandbox(sandbox.get().id());
            report(
                    now,
                    PodStatus.Observed.byName(runtime.containers(sandbox.get().id())),
                    addresses);
        } else if (failure.isPresent() && !Pods.finished(now)) {
            report(now, Map.of(), List.of());
        }
    }

    /** The sandbox, made when there is none that works, and the volumes. */
    private ContainerStarter.Place place(JsonNode now, Optional<Sandbox> present) throws IOException {
        int attempt = present.map(Sandbox::attempt).orElse(0);
        boolean fresh = present.isEmpty() || !present.get().ready();
        try {
            List<String> refused = Refusals.of(now);
            if (!refused.isEmpty()) {
                throw new ConfigException("Unsupported", "this node does not support " + String.join("; ", refused));
            }
            if (present.isPresent() && fresh) {
                runtime.stopSandbox(present.get().id());
                runtime.removeSandbox(present.get().id()); // its containers' names would be taken
                attempt++;
            }
            SandboxSpec spec = parts.plan().sandbox(now, attempt);
            if (fresh) {
                prepare(now);
            }
            String id = fresh ? runtime.runSandbox(spec) : present.get().id();
            List<String> addresses = spec.shared().hostNetwork()
                    ? List.of(parts.settings().identity().address())
                    : runtime.addresses(id);
            if (!Files.exists(parts.volumes().home(now).resolve("etc-hosts")) || fresh) {
                Files.createDirectories(parts.volumes().home(now));
                Files.writeString(parts.volumes().home(now).resolve("etc-hosts"), PodPlan.hosts(now, addresses));
            }
            if (fresh || parts.clock().instant().isAfter(volumesAt.plus(VOLUMES_FRESH))) {
                volumes(now, addresses);
            }
            trouble = Optional.empty();
            return new ContainerStarter.Place(id, spec, addresses, volumes);
        } catch (IOException e) {
            String reason = e instanceof ConfigException c ? c.reason() : "FailedCreatePodSandBox";
            trouble = Optional.of(new PodStatus.Waiting(reason, String.valueOf(e.getMessage())));
            parts.events().warning(now, "", reason, String.valueOf(e.getMessage()));
            report(now, Map.of(), List.of());
            throw e;
        }
    }

    /** What must be there before the sandbox. */
    private void prepare(JsonNode now) throws IOException {
        Files.createDirectories(parts.plan().logDirectory(now));
        volumes(now, List.of());
        Cgroups.Bounds bounds = ContainerBounds.of(now);
        if (!runtime.simulated() && (bounds.memoryBytes() > 0 || bounds.cpuQuotaMicros() > 0)) {
            parts.cgroups().bound(Pods.uid(now), bounds);
        }
        if (runtime.simulated()) {
            parts.events()
                    .warning(now, "", "Simulated", "this node has no container runtime: the pod only seems to run");
        } else {
            parts.names().warn(now);
        }
    }

    private void volumes(JsonNode now, List<String> addresses) throws IOException {
        volumes = parts.volumes().prepare(now, addresses);
        volumesAt = parts.clock().instant();
    }

    private void boundLogs(List<Container> all) throws IOException {
        Instant now = parts.clock().instant();
        if (now.isAfter(logsAt.plus(LOGS_LOOK))) {
            logsAt = now;
            for (Container run : all) {
                ContainerLogs.rotate(runtime, run, parts.clock());
            }
        }
    }

    private void watchProbes(JsonNode now, ContainerStarter.Place place, List<Container> all) {
        Set<String> running = new HashSet<>();
        for (Container run : all) {
            if (run.state() == State.RUNNING) {
                running.add(run.id());
                Pods.container(now, run.name())
                        .ifPresent(container -> probes.computeIfAbsent(
                                run.id(),
                                id -> new Probes(
                                        runtime.simulated() ? ApiClient.object() : container,
                                        new Probes.Target(
                                                parts.actions(),
                                                id,
                                                place.addresses().isEmpty()
                                                        ? ""
                                                        : place.addresses().getFirst(),
                                                Pods.grace(now)),
                                        listener(now, run, place))));
            }
        }
        probes.entrySet().removeIf(e -> {
            boolean ended = !running.contains(e.getKey());
            if (ended) {
                e.getValue().close();
            }
            return ended;
        });
    }

    private Probes.Listener listener(JsonNode now, Container run, ContainerStarter.Place place) {
        return new Probes.Listener() {
            @Override
            public void changed() {
                wake.release();
            }

            @Override
            public void failed(String kind, String message, Optional<Duration> fatal) {
                parts.events().warning(now, run.name(), "Unhealthy", kind + " probe failed: " + message);
                fatal.ifPresent(grace -> {
                    stopper.stop(
                            now,
                            run,
                            place.addresses(),
                            grace,
                            "Container " + run.name() + " failed " + kind.toLowerCase(java.util.Locale.ROOT)
                                    + " probe, will be restarted");
                    wake.release();
                });
            }
        };
    }

    private void report(JsonNode now, Map<String, List<Container>> runs, List<String> addresses) throws IOException {
        Path home = parts.volumes().home(now);
        PodStatus.Observed seen = new PodStatus.Observed(
                runs,
                waiting,
                probes,
                addresses,
                parts.settings().identity().address(),
                run -> ContainerLogs.message(now, home, run),
                trouble,
                parts.clock().instant().truncatedTo(ChronoUnit.SECONDS));
        ObjectNode status = new PodStatus(now, seen, runtime).make(failure);
        if (status.equals(sent)) {
            return;
        }
        ObjectNode patch = ApiClient.object();
        patch.putObject("metadata").put("uid", Pods.uid(now));
        patch.set("status", status);
        try {
            JsonNode updated = parts.client().strategicPatch(Pods.path(now) + "/status", patch);
            sent = status;
            replace(updated, Optional.of(now));
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }

    /** Ends the containers with their grace, then everything else, and lets the API forget the pod. */
    private void terminate(JsonNode now, Optional<Sandbox> sandbox) throws IOException {
        probes.values().forEach(Probes::close);
        if (sandbox.isPresent()) {
            long grace = gone
                    ? 2
                    : now.path("metadata").path("deletionGracePeriodSeconds").asLong(30);
            List<String> addresses =
                    sandbox.get().ready() ? runtime.addresses(sandbox.get().id()) : List.of();
            stopper.stopAll(now, runtime.containers(sandbox.get().id()), addresses, Duration.ofSeconds(grace));
            runtime.stopSandbox(sandbox.get().id());
            if (!gone) {
                report(
                        now,
                        PodStatus.Observed.byName(
                                runtime.containers(sandbox.get().id())),
                        addresses);
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
        io.pilothouse.worker.cri.Shell.run(
                Map.of(), "rm", "-rf", parts.plan().logDirectory(now).toString());
        if (!gone) {
            ObjectNode options = ApiClient.object()
                    .put("apiVersion", "v1")
                    .put("kind", "DeleteOptions")
                    .put("gracePeriodSeconds", 0);
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
}
