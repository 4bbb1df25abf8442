package io.pilothouse.controllers;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.io.IOException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controllers of a cluster: they run while this process holds the Lease, and only then hold caches. */
public final class ControllerManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerManager.class);
  private final KubernetesClient client;
  private final AutoCloseable running;

  private ControllerManager(KubernetesClient client, AutoCloseable running) {
    this.client = client;
    this.running = running;
  }

  /**
   * Starts to campaign; returns at once. Without leader election, returns when the controllers run.
   *
   * @throws IllegalArgumentException listing all that is wrong with the options
   * @throws IOException if a file cannot be read
   */
  public static ControllerManager start(ControllerManagerOptions options, Clock clock) throws IOException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    var client = options.client.connect();
    try {
      return new ControllerManager(client, options.client.lead(client, () -> work(client, options, clock)));
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    } catch (Exception e) {
      client.close();
      throw new IOException("the controllers cannot start", e);
    }
  }

  private static AutoCloseable work(KubernetesClient client, ControllerManagerOptions options, Clock clock) throws Exception {
    var context = new ControllerContext(client, "controller-manager", clock);
    try {
      new ControllerCatalogue().join(options.controllers, context, options);
      context.start();
    } catch (Exception e) {
      context.close();
      throw e;
    }
    LOG.atInfo().log("controllers run");
    return context;
  }

  /** Ends the controllers, gives the Lease up and closes the connection. */
  @Override
  public void close() {
    try {
      running.close();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("the controllers did not end well");
    }
    client.close();
  }
}
