package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Why a pod as a whole must fail now, whatever its containers do. */
final class PodVerdict {
    private PodVerdict() {}

    static Optional<PodStatus.Waiting> of(JsonNode pod, Instant now) {
        List<String> sysctls = Refusals.unsafeSysctls(pod);
        if (!sysctls.isEmpty()) {
            return Optional.of(new PodStatus.Waiting(
                    "SysctlForbidden", "forbidden sysctl: \"" + sysctls.getFirst() + "\" not allowlisted"));
        }
        JsonNode deadline = pod.path("spec").path("activeDeadlineSeconds");
        String started = pod.path("status").path("startTime").asText("");
        if (deadline.isNumber()
                && !started.isEmpty()
                && now.isAfter(Instant.parse(started).plusSeconds(deadline.asLong()))) {
            return Optional.of(new PodStatus.Waiting(
                    "DeadlineExceeded", "Pod was active on the node longer than the specified deadline"));
        }
        return Optional.empty();
    }
}
