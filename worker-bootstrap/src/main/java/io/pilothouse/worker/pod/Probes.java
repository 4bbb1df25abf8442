package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One run of a container's probes: startup first, then liveness and readiness side by side, a thread each. */
final class Probes implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final JsonNode container;
    private final Target target;
    private final Listener listener;
    private volatile boolean started;
    private volatile boolean ready;

    /**
     * What is probed.
     *
     * @param grace the pod's, for a container that must end
     */
    record Target(Actions actions, String containerId, String host, Duration grace) {}

    /** Hears about results. */
    interface Listener {
        /** Something changed. */
        void changed();

        /** A probe failed; with a grace, so often that the container should end within it. */
        void failed(String kind, String message, Optional<Duration> fatal);
    }

    Probes(JsonNode container, Target target, Listener listener) {
        this.container = container;
        this.target = target;
        this.listener = listener;
        boolean startup = container.has("startupProbe");
        this.started = !startup;
        this.ready = !startup && !container.has("readinessProbe");
        if (startup) {
            run("startup", "Startup", 1, success -> {
                if (success && !started) {
                    started = true;
                    ready |= !container.has("readinessProbe");
                    listener.changed();
                }
            });
        }
        if (container.has("livenessProbe")) {
            run("liveness", "Liveness", 1, success -> {});
        }
        if (container.has("readinessProbe")) {
            run(
                    "readiness",
                    "Readiness",
                    container.path("readinessProbe").path("successThreshold").asInt(1),
                    success -> {
                        if (ready != success) {
                            ready = success;
                            listener.changed();
                        }
                    });
        }
    }

    boolean started() {
        return started;
    }

    boolean ready() {
        return started && ready;
    }

    private void run(String field, String kind, int successes, Consumer<Boolean> result) {
        JsonNode probe = container.path(field + "Probe");
        threads.add(Thread.ofVirtual()
                .name("probe " + field + " " + container.path("name").asText())
                .start(() -> {
                    try {
                        loop(field, kind, successes, probe, result);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
    }

    private void loop(String field, String kind, int successes, JsonNode probe, Consumer<Boolean> result)
            throws InterruptedException {
        Duration period =
                Duration.ofSeconds(Math.max(1, probe.path("periodSeconds").asInt(10)));
        Duration timeout =
                Duration.ofSeconds(Math.max(1, probe.path("timeoutSeconds").asInt(1)));
        int failures = Math.max(1, probe.path("failureThreshold").asInt(3));
        Thread.sleep(Duration.ofSeconds(probe.path("initialDelaySeconds").asInt(0)));
        int good = 0;
        int bad = 0;
        while (!Thread.currentThread().isInterrupted()) {
            if (started || field.equals("startup")) {
                String failure = target.actions().run(probe, container, target.containerId(), target.host(), timeout);
                good = failure.isEmpty() ? good + 1 : 0;
                bad = failure.isEmpty() ? 0 : bad + 1;
                if (good >= successes) {
                    result.accept(true);
                    if (field.equals("startup")) {
                        return;
                    }
                } else if (!failure.isEmpty()) {
                    boolean final_ = bad >= failures;
                    if (final_) {
                        result.accept(false);
                    }
                    listener.failed(
                            kind,
                            failure,
                            final_ && !field.equals("readiness") ? Optional.of(grace(probe)) : Optional.empty());
                    if (final_ && !field.equals("readiness")) {
                        return;
                    }
                }
                Thread.sleep(period);
            } else {
                Thread.sleep(Duration.ofMillis(200));
            }
        }
    }

    private Duration grace(JsonNode probe) {
        JsonNode own = probe.path("terminationGracePeriodSeconds");
        return own.isNumber() ? Duration.ofSeconds(own.asLong()) : target.grace();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
