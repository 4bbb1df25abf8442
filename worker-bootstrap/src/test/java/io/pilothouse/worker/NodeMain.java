package io.pilothouse.worker;

import picocli.CommandLine;

/** Runs {@code node} in a process of its own, as the launcher does. */
public final class NodeMain {
    private NodeMain() {}

    /** Takes the arguments that follow {@code node}. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new NodeCommand()).execute(arguments));
    }
}
