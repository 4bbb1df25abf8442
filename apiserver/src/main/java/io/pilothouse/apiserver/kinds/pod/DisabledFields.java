package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fields whose features are off by default in upstream's release: they are dropped from what clients send, unless the old object has
 * them already.
 */
public final class DisabledFields {
    private static final List<String> CONTAINER_STATUSES =
            List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");

    private DisabledFields() {}

    /** @param old the template before; null for a new one */
    public static void dropFromTemplate(JsonNode template, @Nullable JsonNode old) {
        dropFromSpec(template.path("spec"), old == null ? MissingNode.getInstance() : old.path("spec"));
    }

    static void dropFromPod(ObjectNode pod, @Nullable ObjectNode old) {
        dropFromTemplate(pod, old);
        if (pod.get("status") instanceof ObjectNode status) {
            dropFromStatus(status, old == null ? MissingNode.getInstance() : old.path("status"));
        }
    }

    private static void dropFromSpec(JsonNode given, JsonNode old) {
        if (!(given instanceof ObjectNode spec)) {
            return;
        }
        if (!old.has("schedulingGroup")) {
            spec.remove("schedulingGroup");
        }
        for (String source : List.of("clusterTrustBundle", "podCertificate")) {
            if (sources(old).noneMatch(s -> s.has(source))) {
                sources(spec).forEach(s -> ((ObjectNode) s).remove(source));
            }
        }
        if (Containers.nodes(old).stream().noneMatch(c -> c.path("lifecycle").has("stopSignal"))) {
            Containers.change(spec, DisabledFields::dropStopSignal);
        }
    }

    private static Stream<JsonNode> sources(JsonNode spec) {
        return spec.path("volumes")
                .valueStream()
                .flatMap(v -> v.path("projected").path("sources").valueStream());
    }

    private static void dropStopSignal(ObjectNode container) {
        if (container.get("lifecycle") instanceof ObjectNode lifecycle && lifecycle.has("stopSignal")) {
            lifecycle.remove("stopSignal");
            if (lifecycle.isEmpty()) {
                container.remove("lifecycle");
            }
        }
    }

    private static void dropFromStatus(ObjectNode status, JsonNode old) {
        if (!old.has("nodeAllocatableResourceClaimStatuses")) {
            status.remove("nodeAllocatableResourceClaimStatuses");
        }
        if (mounts(old).noneMatch(m -> m.has("volumeStatus"))) {
            mounts(status).forEach(m -> ((ObjectNode) m).remove("volumeStatus"));
        }
    }

    private static Stream<JsonNode> mounts(JsonNode status) {
        return CONTAINER_STATUSES.stream()
                .flatMap(list -> status.path(list).valueStream())
                .flatMap(container -> container.path("volumeMounts").valueStream());
    }
}
