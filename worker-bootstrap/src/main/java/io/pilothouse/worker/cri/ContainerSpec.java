package io.pilothouse.worker.cri;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container to make.
 *
 * @param attempt counts the container's runs from 0
 * @param image what the runtime calls the image: its id
 * @param logPath below the sandbox's log directory
 * @param processTarget the container whose processes this one shall see; empty for none
 */
public record ContainerSpec(
        String name,
        int attempt,
        String image,
        List<String> command,
        List<String> args,
        String workingDirectory,
        Map<String, String> environment,
        List<Mount> mounts,
        Map<String, String> labels,
        Map<String, String> annotations,
        String logPath,
        Terminal terminal,
        Resources resources,
        Security security,
        String processTarget) {
    /** A piece of the host's file system. */
    public record Mount(String containerPath, String hostPath, boolean readOnly, String propagation) {}

    /** Whether the container has an input and a terminal. */
    public record Terminal(boolean stdin, boolean stdinOnce, boolean tty) {}

    /** Bounds; 0 is none. Quota is for a period of 100 ms, in microseconds; memory in bytes. */
    public record Resources(long cpuShares, long cpuQuotaMicros, long memoryBytes, int oomScore) {}

    /** Who the process is and what it may do. */
    public record Security(
            Optional<Long> user,
            Optional<Long> group,
            List<Long> groups,
            boolean privileged,
            boolean readOnlyRoot,
            boolean noNewPrivileges,
            List<String> addCapabilities,
            List<String> dropCapabilities,
            String seccomp) {}

    /** Copies what could change. */
    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
