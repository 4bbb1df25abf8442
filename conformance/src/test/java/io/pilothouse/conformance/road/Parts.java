package io.pilothouse.conformance.road;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The processes of one region, found by the folder that their command lines name. */
record Parts(Path data) {
    /** A process, as /proc shows it. */
    record Part(ProcessHandle handle, List<String> arguments) {
        /** The value of a flag given as {@code --name=value}. */
        String flag(String name) {
            return arguments.stream()
                    .filter(a -> a.startsWith(name + "="))
                    .map(a -> a.substring(name.length() + 1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " is not in " + arguments));
        }
    }

    List<Part> masters() {
        return all().stream().filter(p -> p.arguments().contains("master")).toList();
    }

    /** The etcd members of the clusters, without the region's own. */
    List<Part> etcdMembers() {
        return all().stream()
                .filter(p -> p.arguments().stream().anyMatch(a -> a.startsWith("--name=etcd-")))
                .toList();
    }

    Optional<Part> region() {
        return all().stream()
                .filter(p -> p.arguments().contains("region")
                        && p.arguments().getFirst().endsWith("java"))
                .findFirst();
    }

    /** All processes that name the folder. */
    List<Part> all() {
        return ProcessHandle.allProcesses()
                .map(Parts::part)
                .flatMap(Optional::stream)
                .filter(p -> p.handle().pid() != ProcessHandle.current().pid())
                .filter(p -> p.arguments().stream().anyMatch(a -> a.contains(data.toString())))
                .toList();
    }

    // ProcessHandle.info() leaves out long command lines.
    private static Optional<Part> part(ProcessHandle handle) {
        try {
            var line =
                    Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"), StandardCharsets.UTF_8);
            return line.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Part(handle, Arrays.asList(line.split("\0", -1))));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
