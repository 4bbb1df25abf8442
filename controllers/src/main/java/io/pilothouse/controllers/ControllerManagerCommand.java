package io.pilothouse.controllers;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pilothouse controller-manager}: takes kube-controller-manager's flags and runs until it is ended. */
@Command(name = "controller-manager", description = "The controllers of a cluster", mixinStandardHelpOptions = true)
public final class ControllerManagerCommand implements Callable<Integer> {
  @Mixin private ControllerManagerOptions options = new ControllerManagerOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      problems.forEach(problem -> spec.commandLine().getErr().println(problem));
      return 2;
    }
    var ended = new CountDownLatch(1);
    var manager = ControllerManager.start(options, Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      manager.close();
      ended.countDown();
    }));
    ended.await();
    return 0;
  }
}
