package io.pilothouse.scheduler;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.io.IOException;
import java.time.Clock;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler of a cluster: it places pods while this process holds the Lease, and only then holds caches. */
public final class Scheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private final KubernetesClient client;
  private final AutoCloseable running;

  private Scheduler(KubernetesClient client, AutoCloseable running) {
    this.client = client;
    this.running = running;
  }

  /**
   * Starts to campaign; returns at once. Without leader election, returns when pods are placed.
   *
   * @throws IllegalArgumentException listing all that is wrong with the options
   * @throws IOException if a file cannot be read
   */
  public static Scheduler start(SchedulerOptions options, Clock clock) throws IOException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    var client = options.client.connect();
    try {
      return new Scheduler(client, options.client.lead(client, () -> work(client, clock)));
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    } catch (Exception e) {
      client.close();
      throw new IOException("the scheduler cannot start", e);
    }
  }

  private static AutoCloseable work(KubernetesClient client, Clock clock) throws Exception {
    var context = new ControllerContext(client, "default-scheduler", clock);
    try {
      new SchedulingLoop(context, new SplittableRandom());
      context.start();
    } catch (Exception e) {
      context.close();
      throw e;
    }
    LOG.atInfo().log("scheduler runs");
    return context;
  }

  /** Ends the scheduling, gives the Lease up and closes the connection. */
  @Override
  public void close() {
    try {
      running.close();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("the scheduler did not end well");
    }
    client.close();
  }
}
