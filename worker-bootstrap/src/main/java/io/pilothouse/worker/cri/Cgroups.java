package io.pilothouse.worker.cri;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of a node's pods in the control groups' file systems, version 1 (one for each controller) or 2 (one for all). The runtime
 * makes what is below a pod's directory and removes it; the pod's own is ours. Safe on any thread.
 */
public final class Cgroups {
    private static final Logger log = LoggerFactory.getLogger(Cgroups.class);
    private static final int TRIES = 40;
    private static final long PAUSE_MILLIS = 50;
    private final Path root;
    private final String parent;

    /**
     * @param root usually /sys/fs/cgroup
     * @param parent of all pods of the node, as {@code /pilothouse/i-0123}
     */
    public Cgroups(Path root, String parent) {
        this.root = root;
        this.parent = parent;
    }

    /** Bounds for a whole pod; 0 is none. CPU in microseconds of 100 ms, memory in bytes. */
    public record Bounds(long cpuQuotaMicros, long memoryBytes) {}

    /** The cgroup of a pod, as the runtime is told. */
    public String of(String podUid) {
        return parent + "/pod" + podUid;
    }

    private List<Path> hierarchies() throws IOException {
        if (Files.exists(root.resolve("cgroup.controllers"))) {
            return List.of(root);
        }
        List<Path> all = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> list = Files.list(root)) {
                list.filter(Files::isDirectory)
                        .filter(p -> !Files.isSymbolicLink(p))
                        .forEach(all::add);
            }
        }
        return all;
    }

    private Optional<Path> controller(String name) {
        Path own = root.resolve(name);
        return Files.isDirectory(own) ? Optional.of(own) : Optional.empty();
    }

    /** Makes a pod's cgroup with its bounds, before anything runs in it. */
    public void bound(String podUid, Bounds bounds) throws IOException {
        String below = of(podUid).substring(1);
        if (Files.exists(root.resolve("cgroup.controllers"))) {
            delegate();
            Path own = Files.createDirectories(root.resolve(below));
            Files.writeString(
                    own.resolve("memory.max"), bounds.memoryBytes() > 0 ? Long.toString(bounds.memoryBytes()) : "max");
            Files.writeString(
                    own.resolve("cpu.max"),
                    (bounds.cpuQuotaMicros() > 0 ? bounds.cpuQuotaMicros() : "max") + " 100000");
            return;
        }
        Optional<Path> memory = controller("memory");
        if (memory.isPresent() && bounds.memoryBytes() > 0) {
            Files.writeString(
                    Files.createDirectories(memory.get().resolve(below)).resolve("memory.limit_in_bytes"),
                    Long.toString(bounds.memoryBytes()));
        }
        Optional<Path> cpu = controller("cpu");
        if (cpu.isPresent() && bounds.cpuQuotaMicros() > 0) {
            Path own = Files.createDirectories(cpu.get().resolve(below));
            Files.writeString(own.resolve("cpu.cfs_period_us"), "100000");
            Files.writeString(own.resolve("cpu.cfs_quota_us"), Long.toString(bounds.cpuQuotaMicros()));
        }
    }

    /** Version 2 gives a directory only the controllers that each one above it hands down. */
    private void delegate() throws IOException {
        Path at = root;
        for (String step : parent.substring(1).split("/", -1)) {
            Files.writeString(at.resolve("cgroup.subtree_control"), "+cpu +memory +pids");
            at = Files.createDirectories(at.resolve(step));
        }
        Files.writeString(at.resolve("cgroup.subtree_control"), "+cpu +memory +pids");
    }

    /** Removes what is left of a pod that has ended. */
    public void remove(String podUid) {
        removeBelow(of(podUid).substring(1));
    }

    /** The pods that have a cgroup. */
    public List<String> pods() throws IOException {
        List<String> all = new ArrayList<>();
        for (Path hierarchy : hierarchies()) {
            Path own = hierarchy.resolve(parent.substring(1));
            if (Files.isDirectory(own)) {
                try (Stream<Path> list = Files.list(own)) {
                    list.map(p -> p.getFileName().toString())
                            .filter(n -> n.startsWith("pod"))
                            .map(n -> n.substring(3))
                            .forEach(all::add);
                }
            }
        }
        return all.stream().distinct().toList();
    }

    private void removeBelow(String below) {
        try {
            for (Path hierarchy : hierarchies()) {
                for (int i = 0; i < TRIES && !removed(hierarchy.resolve(below)); i++) {
                    Thread.sleep(
                            PAUSE_MILLIS); // processes that were killed are in it until the kernel is done with them
                }
            }
        } catch (IOException | UncheckedIOException e) {
            log.atWarn()
                    .addKeyValue("cgroup", below)
                    .addKeyValue("error", e.toString())
                    .log("cgroup not removed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean removed(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return true;
        }
        List<Path> all;
        try (Stream<Path> tree = Files.walk(directory)) {
            all = tree.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        boolean gone = true;
        for (Path one : all) {
            gone &= one.toFile().delete(); // rmdir; its files are the kernel's
        }
        return gone;
    }
}
