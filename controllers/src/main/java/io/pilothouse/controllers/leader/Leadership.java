package io.pilothouse.controllers.leader;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs something on one of several replicas: the holder of a Lease. One that loses the Lease stops its work and campaigns again. Closing
 * stops the work and gives the Lease up.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  /** Work that only the leader does. */
  @FunctionalInterface
  public interface Work {
    /**
     * Starts it; closing the result ends it.
     *
     * @throws Exception when it cannot start; the lease is given up and another try made
     */
    AutoCloseable start() throws Exception;
  }

  /** A Lease and its times; upstream's are 15, 10 and 2 s. */
  public record Terms(String namespace, String lease, String identity, Duration duration, Duration renewDeadline, Duration retryPeriod) {}

  private final KubernetesClient client;
  private final Terms terms;
  private final Work work;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread campaign;
  private volatile boolean closed;
  private @Nullable CompletableFuture<?> election;

  /** Starts to campaign. */
  public Leadership(KubernetesClient client, Terms terms, Work work) {
    this.client = client;
    this.terms = terms;
    this.work = work;
    this.campaign = Thread.ofVirtual().name("leadership-" + terms.lease).start(this::campaign);
  }

  private void campaign() {
    while (!closed) {
      try (var term = new Term()) {
        var elector = client.leaderElector().withConfig(new LeaderElectionConfigBuilder()
            .withName(terms.lease)
            .withLock(new LeaseLock(terms.namespace, terms.lease, terms.identity))
            .withLeaseDuration(terms.duration)
            .withRenewDeadline(terms.renewDeadline)
            .withRetryPeriod(terms.retryPeriod)
            .withReleaseOnCancel(true)
            .withLeaderCallbacks(new LeaderCallbacks(() -> threads.execute(term::begin), term::close, leader -> {}))
            .build()).build();
        var running = elector.start();
        begun(running);
        running.get();
      } catch (InterruptedException e) {
        return;
      } catch (CancellationException | ExecutionException e) {
        LOG.atDebug().addKeyValue("lease", terms.lease).log("a term ended: {}", e.getMessage());
      }
      if (!closed && !pause()) {
        return;
      }
    }
  }

  private boolean pause() {
    try {
      Thread.sleep(terms.retryPeriod);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private synchronized void begun(CompletableFuture<?> running) {
    election = running;
    if (closed) {
      running.cancel(true);
    }
  }

  /** The time between winning the Lease and losing it. */
  private final class Term implements AutoCloseable {
    private boolean over;
    private @Nullable AutoCloseable running;

    synchronized void begin() {
      if (over) {
        return;
      }
      LOG.atInfo().addKeyValue("lease", terms.lease).addKeyValue("identity", terms.identity).log("leading");
      try {
        running = work.start();
      } catch (Exception e) {
        LOG.atError().addKeyValue("lease", terms.lease).setCause(e).log("cannot do the leader's work, giving the lease up");
        resign();
      }
    }

    @Override
    public synchronized void close() {
      over = true;
      var ending = running;
      running = null;
      if (ending != null) {
        LOG.atInfo().addKeyValue("lease", terms.lease).log("no longer leading");
        try {
          ending.close();
        } catch (Exception e) {
          LOG.atWarn().addKeyValue("lease", terms.lease).setCause(e).log("the leader's work did not end well");
        }
      }
    }
  }

  private synchronized void resign() {
    if (election != null) {
      election.cancel(true);
    }
  }

  @Override
  public void close() {
    closed = true;
    resign();
    try {
      campaign.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    campaign.interrupt();
    threads.close();
  }
}
