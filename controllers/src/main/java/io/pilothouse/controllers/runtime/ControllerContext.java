package io.pilothouse.controllers.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pilothouse.controllers.events.EventRecorder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.informers.Informers;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.Reconciler;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;

/**
 * What controllers are put together from, for one term of leadership. A controller asks for caches and queues in its constructor; {@link #start}
 * fills the caches first and sets the queues to work after. Closing ends all of it.
 */
public final class ControllerContext implements AutoCloseable {
  private final KubernetesClient client;
  private final Clock clock;
  private final Informers informers;
  private final EventRecorder events;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("controllers-clock").factory());
  private final List<WorkQueue<?>> queues = new ArrayList<>();
  private final List<Runnable> starters = new ArrayList<>();
  private final List<Runnable> closers = new ArrayList<>();

  /**
   * A context without controllers.
   *
   * @param component how events are signed
   */
  public ControllerContext(KubernetesClient client, String component, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.informers = new Informers(client);
    this.events = new EventRecorder(client, component, clock);
  }

  /** The way to the API server. */
  public KubernetesClient client() {
    return client;
  }

  /** The time. */
  public Clock clock() {
    return clock;
  }

  /** Where events go. */
  public EventRecorder events() {
    return events;
  }

  /** The shared cache of a kind. */
  public <T extends HasMetadata> Cache<T> cache(Class<T> type) {
    return informers.cache(type);
  }

  /** A queue that starts and ends with this context. */
  public <K> WorkQueue<K> queueOf(String name, int workers, Reconciler<K> reconciler) {
    var queue = new WorkQueue<>(name, workers, clockwork, reconciler);
    queues.add(queue);
    return queue;
  }

  /** A queue of objects' keys. */
  public WorkQueue<Key> queue(String name, int workers, Reconciler<Key> reconciler) {
    return queueOf(name, workers, reconciler);
  }

  /** Work that is repeated so long after it ended; a failure is tried again with a growing delay. */
  public void every(String name, Duration period, Runnable work) {
    queueOf(name, 1, (String ignored) -> {
      work.run();
      return Outcome.after(period);
    }).add(name);
  }

  /** Something to start after the caches are filled. */
  public void onStart(Runnable starter) {
    starters.add(starter);
  }

  /** Something to end with this context. */
  public void onClose(Runnable closer) {
    closers.add(closer);
  }

  /** Fills the caches, then starts the queues. */
  public void start() throws InterruptedException, ExecutionException, TimeoutException {
    informers.start();
    queues.forEach(WorkQueue::start);
    starters.forEach(Runnable::run);
  }

  @Override
  public void close() {
    queues.forEach(WorkQueue::close);
    closers.forEach(Runnable::run);
    informers.close();
    events.close();
    clockwork.shutdownNow();
  }
}
