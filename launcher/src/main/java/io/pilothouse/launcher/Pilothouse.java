package io.pilothouse.launcher;

import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.backup.BackupCommand;
import io.pilothouse.controllers.ControllerManagerCommand;
import io.pilothouse.controlplane.EndpointCommand;
import io.pilothouse.controlplane.RegionCommand;
import io.pilothouse.iam.AuthenticatorCommand;
import io.pilothouse.scheduler.SchedulerCommand;
import io.pilothouse.worker.NodeCommand;
import io.pilothouse.worker.image.BuildImagesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one command behind {@code bin/pilothouse}; each part of the product is a subcommand. */
@Command(
        name = "pilothouse",
        description = "Managed Kubernetes control planes",
        mixinStandardHelpOptions = true,
        subcommands = {
            ApiServerCommand.class,
            ControllerManagerCommand.class,
            SchedulerCommand.class,
            MasterCommand.class,
            AuthenticatorCommand.class,
            BackupCommand.class,
            NodeCommand.class,
            BuildImagesCommand.class,
            EndpointCommand.class,
            RegionCommand.class,
            WarmUpCommand.class
        })
public final class Pilothouse {
    private Pilothouse() {}

    /** Runs a part and exits with its code: 0 done, 1 failed, 2 the command line is wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Pilothouse())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(command.getCommandName() + ": " + message(e));
                    if (Boolean.getBoolean("pilothouse.trace")) {
                        e.printStackTrace(command.getErr());
                    }
                    return 1;
                })
                .setExecutionStrategy(parsed -> {
                    Verbosity.apply(parsed);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .execute(args));
    }

    private static String message(Throwable e) {
        var out = new StringBuilder(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            out.append(": ")
                    .append(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        }
        return out.toString();
    }
}
