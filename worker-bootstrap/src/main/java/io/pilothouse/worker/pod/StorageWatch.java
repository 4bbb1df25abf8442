package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.ContainerRuntime.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Looks every ten seconds at what one pod keeps on the disk. Of the pod's thread. */
final class StorageWatch {
    static final String EVICTED = "Evicted";

    /** How long the containers of an evicted pod have to end. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofSeconds(10);
    private final PodParts parts;
    private Instant lookedAt = Instant.EPOCH;

    StorageWatch(PodParts parts) {
        this.parts = parts;
    }

    /** Why the pod must go; empty where nothing limits it, or it keeps to its limits, or was looked at a moment ago. */
    Optional<PodStatus.Waiting> exceeded(JsonNode pod, Optional<Sandbox> sandbox) {
        Instant now = parts.clock().instant();
        if (!LocalStorage.isLimited(pod) || sandbox.isEmpty() || now.isBefore(lookedAt.plus(LOOK))) {
            return Optional.empty();
        }
        lookedAt = now;
        try {
            var usage = LocalStorage.measure(
                    pod,
                    parts.volumes().home(pod),
                    parts.plan().logDirectory(pod),
                    LocalStorage.limitsContainers(pod)
                            ? parts.runtime().written(sandbox.get().id())
                            : Map.of());
            return LocalStorage.exceeded(pod, usage).map(message -> new PodStatus.Waiting(EVICTED, message));
        } catch (IOException e) {
            parts.events()
                    .warning(
                            pod,
                            "",
                            "EphemeralStorageUnknown",
                            "the limits of ephemeral storage are not enforced now: what the pod keeps on the disk could not be measured: "
                                    + e.getMessage());
            return Optional.empty();
        }
    }
}
