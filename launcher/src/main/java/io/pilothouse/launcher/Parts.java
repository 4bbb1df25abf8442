package io.pilothouse.launcher;

import io.pilothouse.apiserver.flags.Program;
import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.backup.BackupCommand;
import io.pilothouse.controllers.ControllerManagerCommand;
import io.pilothouse.controlplane.EndpointCommand;
import io.pilothouse.controlplane.RegionCommand;
import io.pilothouse.iam.AuthenticatorCommand;
import io.pilothouse.scheduler.SchedulerCommand;
import io.pilothouse.worker.NodeCommand;
import io.pilothouse.worker.image.BuildImagesCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The parts whose command lines picocli reads, and the list of all that {@code pilothouse --help} prints. */
@Command(name = "pilothouse", description = "Managed Kubernetes control planes", mixinStandardHelpOptions = true)
final class Parts {
    private static final List<Class<?>> READ_HERE = List.of(
            ControllerManagerCommand.class,
            SchedulerCommand.class,
            AuthenticatorCommand.class,
            BackupCommand.class,
            NodeCommand.class,
            BuildImagesCommand.class,
            EndpointCommand.class,
            RegionCommand.class);

    private Parts() {}

    /** Runs the one that is asked for. @return the process's exit code */
    static int run(String... args) {
        return commandLine(args)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(command.getCommandName() + ": " + Program.message(e));
                    if (Boolean.getBoolean("pilothouse.trace")) {
                        e.printStackTrace(command.getErr());
                    }
                    return 1;
                })
                .setExecutionStrategy(parsed -> {
                    verbosity(parsed);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .execute(args);
    }

    private static void verbosity(ParseResult parsed) {
        for (var part : parsed.asCommandLineList()) {
            int told = part.getParseResult().matchedOptionValue("--v", 0);
            if (told > 0) {
                Verbosity.set(told);
            }
        }
    }

    /** With the part that is asked for alone: to read the flags of all costs a tenth of a second at every start. */
    private static CommandLine commandLine(String[] args) {
        var whole = new CommandLine(new Parts());
        for (var part : READ_HERE) {
            if (args.length > 0 && part.getAnnotation(Command.class).name().equals(args[0])) {
                return whole.addSubcommand(part);
            }
        }
        named(whole, ApiServerCommand.NAME, ApiServerCommand.DESCRIPTION);
        named(whole, MasterCommand.NAME, MasterCommand.DESCRIPTION);
        READ_HERE.forEach(whole::addSubcommand);
        named(whole, WarmUpCommand.NAME, WarmUpCommand.DESCRIPTION);
        return whole;
    }

    /** One that reads its flags itself. */
    private static void named(CommandLine whole, String name, String description) {
        var spec = CommandSpec.create();
        spec.usageMessage().description(description);
        whole.addSubcommand(name, new CommandLine(spec));
    }
}
