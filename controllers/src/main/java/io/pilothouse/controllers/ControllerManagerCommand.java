package io.pilothouse.controllers;

import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.controllers.runtime.ComponentCommand;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pilothouse controller-manager}: takes kube-controller-manager's flags and runs until it is ended. */
@Command(name = "controller-manager", description = "The controllers of a cluster", mixinStandardHelpOptions = true)
public final class ControllerManagerCommand extends ComponentCommand {
    @Mixin
    private ControllerManagerOptions options = new ControllerManagerOptions();

    @Override
    protected List<String> problems() {
        return options.problems();
    }

    @Override
    protected Component start(Clock clock) throws IOException {
        return ControllerManager.start(options, clock);
    }
}
