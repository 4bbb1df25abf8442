package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a pod as a whole must fail now, whatever its containers do. */
final class PodVerdict {
    private PodVerdict() {}

    static Optional<PodStatus.Waiting> of(JsonNode pod, Volumes volumes, Instant now) throws IOException {
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
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            String limit = volume.path("emptyDir").path("sizeLimit").asText("");
            String name = volume.path("name").asText();
            boolean memory =
                    volume.path("emptyDir").path("medium").asText("").equals("Memory"); // the kernel holds those to it
            if (!limit.isEmpty()
                    && !memory
                    && size(volumes.home(pod).resolve("volumes").resolve(name))
                            > Pods.quantity(limit).longValue()) {
                return Optional.of(new PodStatus.Waiting(
                        "Evicted", "Usage of EmptyDir volume \"" + name + "\" exceeds the limit \"" + limit + "\". "));
            }
        }
        return Optional.empty();
    }

    private static long size(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long sum = 0;
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) tree::iterator) {
                sum += Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) {
            return sum; // the pod removes files meanwhile; the next look sees them gone
        }
        return sum;
    }
}
