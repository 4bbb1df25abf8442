package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.State;
import io.pilothouse.worker.kube.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends containers as the kubelet does: the preStop hook, SIGTERM, SIGKILL, all within one grace. Safe on any thread. */
final class ContainerStopper {
    private static final Logger log = LoggerFactory.getLogger(ContainerStopper.class);
    private static final Duration LEAST = Duration.ofSeconds(2);
    private final PodParts parts;

    ContainerStopper(PodParts parts) {
        this.parts = parts;
    }

    /** Ends those that run: the pod's own side by side, then its sidecars from the last to the first with what is left of the grace. */
    void stopAll(JsonNode pod, List<Container> all, List<String> addresses, Duration grace) throws IOException {
        Instant from = parts.clock().instant();
        List<String> sidecars = Pods.list(pod.path("spec").path("initContainers")).stream()
                .filter(PodStatus::sidecar)
                .map(c -> c.path("name").asText())
                .toList();
        List<Container> running =
                all.stream().filter(c -> c.state() == State.RUNNING).toList();
        List<Thread> stops = new ArrayList<>();
        running.stream()
                .filter(c -> !sidecars.contains(c.name()))
                .forEach(c -> stops.add(Thread.ofVirtual()
                        .start(() -> stop(pod, c, addresses, grace, "Stopping container " + c.name()))));
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        for (String name : sidecars.reversed()) {
            Duration left = grace.minus(Duration.between(from, parts.clock().instant()));
            running.stream()
                    .filter(c -> c.name().equals(name))
                    .forEach(c -> stop(
                            pod, c, addresses, left.isNegative() ? Duration.ZERO : left, "Stopping container " + name));
        }
    }

    /** Ends one. */
    void stop(JsonNode pod, Container run, List<String> addresses, Duration grace, String why) {
        parts.events().normal(pod, run.name(), "Killing", why);
        Instant from = parts.clock().instant();
        JsonNode container = Pods.container(pod, run.name()).orElse(ApiClient.object());
        JsonNode hook = container.path("lifecycle").path("preStop");
        if (hook.isObject() && !grace.isZero()) {
            String failure = parts.actions()
                    .run(hook, container, run.id(), addresses.isEmpty() ? "" : addresses.getFirst(), grace);
            if (!failure.isEmpty()) {
                parts.events().warning(pod, run.name(), "FailedPreStopHook", "PreStopHook failed: " + failure);
            }
        }
        Duration left = grace.minus(Duration.between(from, parts.clock().instant()));
        Duration rest = grace.isZero() ? Duration.ZERO : left.compareTo(LEAST) < 0 ? LEAST : left;
        try {
            parts.runtime().stop(run.id(), rest);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("container", run.name())
                    .addKeyValue("error", e.getMessage())
                    .log("container not stopped");
        }
    }
}
