package io.pilothouse.controlplane.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process that shall run.
 *
 * @param id unique among the supervisor's, such as {@code demo/etcd-0}
 * @param directory its own: working directory, {@code output.log} and {@code process.json}
 * @param command program and arguments; no secrets, since every user of the host can read them
 * @param environment besides PATH, LANG and JAVA_HOME
 * @param reads files that it reads when it starts and not again, such as certificates: when one has changed, it must be started anew
 */
public record Daemon(
        String id, Path directory, List<String> command, Map<String, String> environment, List<Path> reads) {
    public Daemon {
        reads = List.copyOf(reads);
        directory = directory.toAbsolutePath();
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** One that reads nothing, or reads it again when it has changed. */
    public Daemon(String id, Path directory, List<String> command, Map<String, String> environment) {
        this(id, directory, command, environment, List.of());
    }
}
