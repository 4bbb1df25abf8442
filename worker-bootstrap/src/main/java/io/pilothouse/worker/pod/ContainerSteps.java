package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the containers of a pod that should run now, in their order and with their back-offs. For one pod's worker. */
final class ContainerSteps {
    private final PodParts parts;
    private final ContainerStarter starter;
    private final ContainerStopper stopper;
    private final Backoff crashes = new Backoff();
    private final Map<String, PodStatus.Waiting> waiting;
    private final Map<String, Probes> probes;

    /**
     * @param waiting is told why a container does not run, by name
     * @param probes of the runs, by container id
     */
    ContainerSteps(PodParts parts, Map<String, PodStatus.Waiting> waiting, Map<String, Probes> probes) {
        this.parts = parts;
        this.starter = new ContainerStarter(parts);
        this.stopper = new ContainerStopper(parts);
        this.waiting = waiting;
        this.probes = probes;
    }

    private record Run(
            JsonNode pod, JsonNode container, Optional<Container> last, ContainerStarter.Place place, String target) {
        String name() {
            return container.path("name").asText();
        }
    }

    private static Optional<Container> latest(Map<String, List<Container>> runs, JsonNode container) {
        return runs.getOrDefault(container.path("name").asText(), List.of()).stream()
                .findFirst();
    }

    /** Starts what should run now; whether anything was tried. */
    boolean advance(JsonNode pod, ContainerStarter.Place place, Map<String, List<Container>> runs) throws IOException {
        String policy = Pods.restartPolicy(pod);
        boolean begun = Pods.list(pod.path("spec").path("containers")).stream()
                .anyMatch(c -> latest(runs, c).isPresent());
        boolean tried = false;
        for (JsonNode init : pod.path("spec").path("initContainers")) {
            boolean sidecar = PodStatus.sidecar(init);
            Optional<Container> run = latest(runs, init);
            boolean passed = run.isPresent()
                    && (sidecar
                            ? run.get().state() == State.RUNNING
                                    && Optional.ofNullable(probes.get(run.get().id()))
                                            .map(Probes::started)
                                            .orElse(false)
                            : run.get().state() == State.EXITED && run.get().exitCode() == 0);
            if (passed && !changed(init, run.get())) {
                waiting.remove(init.path("name").asText());
            } else if (sidecar || !begun) {
                tried |= step(
                        new Run(pod, init, run, place, ""),
                        sidecar ? "Always" : policy.equals("Never") ? "Never" : "OnFailure");
                if (!begun) {
                    return tried; // what follows waits for it; once the pod's own containers run, they don't
                }
            }
        }
        for (JsonNode container : pod.path("spec").path("containers")) {
            tried |= step(new Run(pod, container, latest(runs, container), place, ""), policy);
        }
        for (JsonNode extra : pod.path("spec").path("ephemeralContainers")) {
            if (latest(runs, extra).isEmpty()) {
                String target = runs
                        .getOrDefault(extra.path("targetContainerName").asText(""), List.of())
                        .stream()
                        .filter(c -> c.state() == State.RUNNING)
                        .map(Container::id)
                        .findFirst()
                        .orElse("");
                tried |= step(new Run(pod, extra, Optional.empty(), place, target), "Never");
            }
        }
        return tried;
    }

    /** Whether the container was started from another image than it should run now. */
    private static boolean changed(JsonNode container, Container run) {
        return run.state() == State.RUNNING
                && !run.wanted().isEmpty()
                && !run.wanted().equals(container.path("image").asText());
    }

    private boolean step(Run run, String policy) throws IOException {
        String name = run.name();
        if (run.last().isEmpty()) {
            return start(run, earlierRuns(run.pod(), name));
        }
        Container last = run.last().get();
        if (changed(run.container(), last)) {
            stopper.stop(
                    run.pod(),
                    last,
                    run.place().addresses(),
                    Pods.grace(run.pod()),
                    "Container " + name + " definition changed, will be restarted");
            return start(run, last.attempt() + 1);
        }
        if (last.state() == State.RUNNING) {
            waiting.remove(name);
            return false;
        }
        boolean again = last.state() != State.EXITED
                || policy.equals("Always")
                || (policy.equals("OnFailure") && last.exitCode() != 0);
        if (!again) {
            return false;
        }
        Instant now = parts.clock().instant();
        if (crashes.waiting(name, Pods.time(Math.max(last.finishedNanos(), last.createdNanos())), now)) {
            hold(run);
            return false;
        }
        crashes.tried(name, now);
        return start(run, last.attempt() + 1);
    }

    private void hold(Run run) {
        JsonNode pod = run.pod();
        PodStatus.Waiting before = waiting.get(run.name());
        if (before == null || !before.reason().equals("CrashLoopBackOff")) {
            parts.events().warning(pod, run.name(), "BackOff", "Back-off restarting failed container " + run.name());
        }
        waiting.put(
                run.name(),
                new PodStatus.Waiting(
                        "CrashLoopBackOff",
                        "back-off " + crashes.pause(run.name()).toSeconds() + "s restarting failed container="
                                + run.name() + " pod=" + Pods.name(pod) + "_" + Pods.namespace(pod) + "("
                                + Pods.uid(pod) + ")"));
    }

    private boolean start(Run run, int attempt) throws IOException {
        try {
            starter.start(run.pod(), run.container(), attempt, run.target(), run.place());
            waiting.remove(run.name());
            if (attempt > 1) {
                removeOld(run, attempt - 1);
            }
        } catch (ConfigException e) {
            waiting.put(run.name(), new PodStatus.Waiting(e.reason(), String.valueOf(e.getMessage())));
        }
        return true;
    }

    /** Runs in sandboxes that are gone; what they left in the status still counts. */
    private static int earlierRuns(JsonNode pod, String name) {
        for (String field : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode status : pod.path("status").path(field)) {
                if (status.path("name").asText().equals(name) && status.hasNonNull("containerID")) {
                    return status.path("restartCount").asInt(0) + 1;
                }
            }
        }
        return 0;
    }

    private void removeOld(Run run, int keepFrom) throws IOException {
        for (Container old : parts.runtime().containers(run.place().sandboxId())) {
            if (old.name().equals(run.name()) && old.attempt() < keepFrom) {
                parts.runtime().remove(old.id());
                ContainerLogs.delete(Path.of(old.logPath()));
                Files.deleteIfExists(
                        ContainerLogs.messageFile(parts.volumes().home(run.pod()), old.name(), old.attempt()));
            }
        }
    }
}
