package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a pod may keep on the node's disk: checked as the kubelet does, which evicts a pod that keeps more. */
final class LocalStorage {
    private static final String RESOURCE = "ephemeral-storage";

    /** Pods of this priority and above are the cluster's own, and never evicted. */
    private static final long CRITICAL_PRIORITY = 2_000_000_000L;

    private LocalStorage() {}

    /**
     * What a pod keeps on the disk, in bytes.
     *
     * @param volumes by name; those of memory are none
     * @param writable the layers that containers write to, by the container's name
     * @param logs by the container's name
     * @param other what the node keeps for the pod
     */
    record Usage(Map<String, Long> volumes, Map<String, Long> writable, Map<String, Long> logs, long other) {
        private long ofContainer(String name) {
            return writable.getOrDefault(name, 0L) + logs.getOrDefault(name, 0L);
        }

        private long total() {
            return Stream.of(volumes, writable, logs)
                            .flatMap(each -> each.values().stream())
                            .mapToLong(Long::longValue)
                            .sum()
                    + other;
        }
    }

    /** Whether anything of the pod is limited, so that it is worth measuring. */
    static boolean isLimited(JsonNode pod) {
        return limitsContainers(pod)
                || Pods.list(pod.path("spec").path("volumes")).stream()
                        .anyMatch(volume -> volume.path("emptyDir").hasNonNull("sizeLimit"));
    }

    /** Whether the layers that containers write to count. */
    static boolean limitsContainers(JsonNode pod) {
        return Pods.containers(pod).stream()
                .anyMatch(container -> !limit(container).isEmpty());
    }

    /**
     * Measures a pod.
     *
     * @param home the pod's folder
     * @param logs the folder of its logs
     */
    static Usage measure(JsonNode pod, Path home, Path logs, Map<String, Long> writable) throws IOException {
        Map<String, Long> volumes = new HashMap<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            String medium = volume.path("emptyDir").path("medium").asText("");
            if ((volume.has("emptyDir") && medium.isEmpty()) || volume.has("configMap")) {
                String name = volume.path("name").asText();
                volumes.put(name, size(home.resolve("volumes").resolve(name)));
            }
        }
        Map<String, Long> logged = new HashMap<>();
        for (JsonNode container : Pods.containers(pod)) {
            String name = container.path("name").asText();
            logged.put(name, size(logs.resolve(name)));
        }
        return new Usage(volumes, writable, logged, size(home.resolve("etc-hosts")));
    }

    /** The message of the eviction when a limit is exceeded: a volume's first, then the pod's, then a container's. */
    static Optional<String> exceeded(JsonNode pod, Usage usage) {
        if (pod.path("spec").path("priority").asLong() >= CRITICAL_PRIORITY) {
            return Optional.empty();
        }
        return volume(pod, usage).or(() -> wholePod(pod, usage)).or(() -> container(pod, usage));
    }

    private static Optional<String> volume(JsonNode pod, Usage usage) {
        return first(
                Pods.list(pod.path("spec").path("volumes")),
                volume -> volume.path("emptyDir").path("sizeLimit").asText(""),
                volume -> usage.volumes().getOrDefault(volume.path("name").asText(), 0L),
                "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". ");
    }

    private static Optional<String> container(JsonNode pod, Usage usage) {
        return first(
                Pods.list(pod.path("spec").path("containers")),
                LocalStorage::limit,
                container -> usage.ofContainer(container.path("name").asText()),
                "Container %s exceeded its local ephemeral storage limit \"%s\". ");
    }

    private static Optional<String> first(
            List<JsonNode> all,
            java.util.function.Function<JsonNode, String> limit,
            ToLongFunction<JsonNode> used,
            String message) {
        return all.stream()
                .filter(one -> {
                    long most = Pods.quantity(limit.apply(one)).longValue();
                    return most > 0 && used.applyAsLong(one) > most;
                })
                .findFirst()
                .map(one -> message.formatted(one.path("name").asText(), limit.apply(one)));
    }

    /** All that a pod keeps counts towards the sum of its containers' limits, also when some have none. */
    private static Optional<String> wholePod(JsonNode pod, Usage usage) {
        List<String> limits = Pods.list(pod.path("spec").path("containers")).stream()
                .map(LocalStorage::limit)
                .filter(limit -> !limit.isEmpty())
                .toList();
        long sum = 0;
        for (String limit : limits) {
            sum += Pods.quantity(limit).longValue();
        }
        long largest = sum;
        String text = limits.size() == 1 ? limits.getFirst() : text(sum, limits);
        for (JsonNode once : pod.path("spec").path("initContainers")) {
            String limit = limit(once);
            long bytes = Pods.quantity(limit).longValue() + (PodStatus.sidecar(once) ? largest : 0);
            if (!limit.isEmpty() && bytes > largest) {
                largest = bytes;
                text = PodStatus.sidecar(once) ? text(bytes, List.of(limit)) : limit;
            }
        }
        return largest > 0 && usage.total() > largest
                ? Optional.of("Pod ephemeral local storage usage exceeds the total limit of containers " + text + ". ")
                : Optional.empty();
    }

    private static String limit(JsonNode container) {
        return container.path("resources").path("limits").path(RESOURCE).asText("");
    }

    /** A sum as the API would write it: in powers of 1024 when its parts were, as large a unit as divides it. */
    private static String text(long bytes, List<String> parts) {
        boolean binary = parts.getFirst().endsWith("i");
        long step = binary ? 1024 : 1000;
        List<String> units = binary ? List.of("", "Ki", "Mi", "Gi", "Ti") : List.of("", "k", "M", "G", "T");
        int unit = 0;
        long left = bytes;
        while (left != 0 && left % step == 0 && unit < units.size() - 1) {
            left /= step;
            unit++;
        }
        return left + units.get(unit);
    }

    /** What a file or the files of a folder take on the disk. */
    static long size(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        long sum = 0;
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path file : (Iterable<Path>) tree::iterator) {
                sum += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        } catch (UncheckedIOException | NoSuchFileException e) {
            return sum; // The pod removes files meanwhile; the next look sees them gone.
        }
        return sum;
    }
}
