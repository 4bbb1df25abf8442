package io.pilothouse.cloud.ec2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Control groups that instances leave behind: they are of the kernel, not of a namespace, so they outlive the processes that made them. */
final class InstanceCgroups {
    /** Where instances keep theirs, below the root of each hierarchy; the instance's id follows. */
    private static final String PARENT = "pilothouse";

    private static final Logger log = LoggerFactory.getLogger(InstanceCgroups.class);
    private static final int TRIES = 60;
    private static final long PAUSE_MILLIS = 50;
    private final Path root;

    /** @param root usually /sys/fs/cgroup */
    InstanceCgroups(Path root) {
        this.root = root;
    }

    /** Removes those of an instance whose processes have been killed. */
    void remove(String instanceId) {
        try {
            for (Path hierarchy : hierarchies()) {
                Path parent = hierarchy.resolve(PARENT);
                for (int i = 0; i < TRIES && !removed(parent.resolve(instanceId)); i++) {
                    Thread.sleep(PAUSE_MILLIS); // the kernel lets go of killed processes a moment later
                }
                if (Files.isDirectory(parent)) {
                    parent.toFile().delete(); // fails while other instances are in it
                }
            }
        } catch (IOException | UncheckedIOException e) {
            log.atWarn()
                    .addKeyValue("instance", instanceId)
                    .addKeyValue("error", e.toString())
                    .log("control groups not removed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Path> hierarchies() throws IOException {
        if (Files.exists(root.resolve("cgroup.controllers"))) {
            return List.of(root);
        }
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(root)) {
            return list.filter(Files::isDirectory)
                    .filter(p -> !Files.isSymbolicLink(p))
                    .toList();
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
            gone &= one.toFile().delete();
        }
        return gone;
    }
}
