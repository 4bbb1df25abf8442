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
 */
public record Daemon(String id, Path directory, List<String> command, Map<String, String> environment) {
    public Daemon {
        directory = directory.toAbsolutePath();
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
