package io.pilothouse.launcher;

import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.backup.BackupCommand;
import io.pilothouse.controllers.ControllerManagerCommand;
import io.pilothouse.controlplane.EndpointCommand;
import io.pilothouse.controlplane.RegionCommand;
import io.pilothouse.http.HttpServer;
import io.pilothouse.iam.AuthenticatorCommand;
import io.pilothouse.scheduler.SchedulerCommand;
import io.pilothouse.worker.NodeCommand;
import io.pilothouse.worker.image.BuildImagesCommand;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one command behind {@code bin/pilothouse}; each part of the product is a subcommand. */
@Command(name = "pilothouse", description = "Managed Kubernetes control planes", mixinStandardHelpOptions = true)
public final class Pilothouse {
    private static final List<Class<?>> PARTS = List.of(
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
            WarmUpCommand.class);

    /** What cannot start before the libraries are there which its HTTP server needs. */
    private static final Set<String> SERVERS = Set.of("apiserver", "master");

    private Pilothouse() {}

    /** Runs a part and exits with its code: 0 done, 1 failed, 2 the command line is wrong. */
    public static void main(String[] args) {
        HeapKeeper.start();
        if (args.length > 0 && SERVERS.contains(args[0])) {
            // Beside the reading of the command line; whoever needs them before they are there waits.
            Thread.ofPlatform().daemon().name("native-libraries").start(HttpServer::loadNatives);
        }
        System.exit(commandLine(args)
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

    /** With the part that is asked for alone: to read the flags of all costs a tenth of a second at every start. */
    private static CommandLine commandLine(String[] args) {
        var asked = PARTS.stream()
                .filter(part -> args.length > 0
                        && part.getAnnotation(Command.class).name().equals(args[0]))
                .findFirst();
        // Made before its flags are looked at: it may begin to work already.
        var parts = asked.map(Pilothouse::make).map(List::of).orElseGet(() -> List.copyOf(PARTS));
        var whole = new CommandLine(new Pilothouse());
        parts.forEach(whole::addSubcommand);
        return whole;
    }

    private static Object make(Class<?> part) {
        try {
            return CommandLine.defaultFactory().create(part);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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
