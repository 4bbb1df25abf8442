package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.Reflector;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the pods of this node and gives each its worker. Safe on any thread. */
public final class PodManager implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PodManager.class);
    private final PodParts parts;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> pods = new ConcurrentHashMap<>();
    private final Reflector reflector;
    private boolean orphansEnded;

    /** Starts it. */
    public PodManager(ApiClient client, ContainerRuntime runtime, NodeSettings settings, Clock clock) {
        this.parts = PodParts.of(client, runtime, settings, clock);
        String selector =
                URLEncoder.encode("spec.nodeName=" + settings.identity().name(), StandardCharsets.UTF_8);
        this.reflector = new Reflector(client, "/api/v1/pods?fieldSelector=" + selector, this::update);
    }

    private void update(List<JsonNode> all) {
        Set<String> present = new HashSet<>();
        for (JsonNode pod : all) {
            String uid = Pods.uid(pod);
            present.add(uid);
            JsonNode before = pods.put(uid, pod);
            PodWorker worker = workers.get(uid);
            if (worker == null && !(before != null && Pods.terminating(before))) {
                PodWorker started = new PodWorker(pod, parts, () -> workers.remove(uid));
                workers.put(uid, started);
                started.start();
            } else if (worker != null && before != pod) {
                worker.update(pod);
            }
        }
        pods.keySet().removeIf(uid -> !present.contains(uid));
        workers.forEach((uid, worker) -> {
            if (!present.contains(uid)) {
                worker.end();
            }
        });
        if (!orphansEnded) {
            endOrphans(present);
            orphansEnded = true;
        }
    }

    /** Sandboxes, files and control groups that an earlier agent left of pods that are gone. */
    private void endOrphans(Set<String> present) {
        try {
            Set<String> left = new HashSet<>(parts.volumes().pods());
            left.addAll(parts.cgroups().pods());
            for (ContainerRuntime.Sandbox sandbox : parts.runtime().sandboxes()) {
                left.add(sandbox.uid());
                if (!present.contains(sandbox.uid())) {
                    parts.runtime().stopSandbox(sandbox.id());
                    parts.runtime().removeSandbox(sandbox.id());
                }
            }
            left.removeAll(present);
            for (String uid : left) {
                parts.volumes().remove(uid);
                parts.plan().removeLogs(uid);
                parts.cgroups().remove(uid);
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("error", e.getMessage()).log("what earlier pods left was not removed");
        }
    }

    /** A pod of this node by namespace and name. */
    public Optional<JsonNode> pod(String namespace, String name) {
        return pods.values().stream()
                .filter(p -> Pods.namespace(p).equals(namespace) && Pods.name(p).equals(name))
                .findFirst();
    }

    /** All pods of this node. */
    public List<JsonNode> pods() {
        return List.copyOf(pods.values());
    }

    /** Leaves all pods as they are, and returns when nothing more is done to them, or after some seconds. */
    @Override
    public void close() {
        reflector.close();
        var left = List.copyOf(workers.values());
        left.forEach(PodWorker::abandon);
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (var worker : left) {
                worker.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
