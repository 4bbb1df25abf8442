package io.pilothouse.launcher;

import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.backup.BackupCommand;
import io.pilothouse.controllers.ControllerManagerCommand;
import io.pilothouse.controlplane.EndpointCommand;
import io.pilothouse.controlplane.RegionCommand;
import io.pilothouse.scheduler.SchedulerCommand;
import io.pilothouse.worker.NodeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one command behind {@code bin/pilothouse}; each part of the product is a subcommand. */
@Command(name = "pilothouse", description = "Managed Kubernetes control planes", mixinStandardHelpOptions = true, subcommands = {
    ApiServerCommand.class, ControllerManagerCommand.class, SchedulerCommand.class,
    NodeCommand.class, RegionCommand.class, EndpointCommand.class, BackupCommand.class})
public final class Pilothouse {
  private Pilothouse() {}

  /** Runs a part and exits with its code: 0 done, 1 failed, 2 the command line is wrong. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Pilothouse()).execute(args));
  }
}
