package io.pilothouse.scheduler;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pilothouse scheduler}: takes kube-scheduler's flags and runs until it is ended. */
@Command(name = "scheduler", description = "The scheduler of a cluster", mixinStandardHelpOptions = true)
public final class SchedulerCommand implements Callable<Integer> {
  @Mixin private SchedulerOptions options = new SchedulerOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      problems.forEach(problem -> spec.commandLine().getErr().println(problem));
      return 2;
    }
    var ended = new CountDownLatch(1);
    var scheduler = Scheduler.start(options, Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      scheduler.close();
      ended.countDown();
    }));
    ended.await();
    return 0;
  }
}
