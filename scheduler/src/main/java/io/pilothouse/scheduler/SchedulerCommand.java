package io.pilothouse.scheduler;

import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.controllers.runtime.ComponentCommand;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pilothouse scheduler}: takes kube-scheduler's flags and runs until it is ended. */
@Command(name = "scheduler", description = "The scheduler of a cluster", mixinStandardHelpOptions = true)
public final class SchedulerCommand extends ComponentCommand {
    @Mixin
    private SchedulerOptions options = new SchedulerOptions();

    @Override
    protected List<String> problems() {
        return options.problems();
    }

    @Override
    protected Component start(Clock clock) throws IOException {
        return Scheduler.start(options, clock);
    }
}
