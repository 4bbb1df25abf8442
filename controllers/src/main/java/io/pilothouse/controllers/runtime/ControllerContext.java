package io.pilothouse.controllers.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pilothouse.controllers.events.EventRecorder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.informers.Informers;
import io.pilothouse.controllers.informers.KindWatches;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.Reconciler;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What controllers are put together from, for one term of leadership. A controller asks for caches and queues in its constructor; {@link #start}
 * fills the caches first and sets the queues to work after. Closing ends all of it. Caches are shared by all controllers; each may write as
 * somebody else.
 */
public final class ControllerContext implements AutoCloseable {
    private static final Duration DISCOVERY = Duration.ofSeconds(30);

    private final Shared shared;
    private final KubernetesClient client;
    private final EventRecorder events;

    /** What all controllers of a term have in common. */
    private record Shared(
            Clock clock,
            Informers informers,
            Supplier<KindWatches> kinds,
            ScheduledExecutorService clockwork,
            List<WorkQueue<?>> queues,
            List<Runnable> starters,
            Queue<Runnable> closers) {}

    /**
     * A context without controllers.
     *
     * @param component how events are signed
     */
    public ControllerContext(KubernetesClient client, String component, Clock clock) {
        this.shared = new Shared(
                clock,
                new Informers(client),
                once(() -> watchKinds(client)),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("controllers-clock").factory()),
                new ArrayList<>(),
                new ArrayList<>(),
                new ConcurrentLinkedQueue<>());
        this.client = client;
        this.events = new EventRecorder(client, component, clock);
        shared.closers.add(events::close);
    }

    private KindWatches watchKinds(KubernetesClient client) {
        var kinds = new KindWatches(client);
        every("kinds", DISCOVERY, kinds::discover);
        onClose(kinds::close);
        return kinds;
    }

    private static <T> Supplier<T> once(Supplier<T> maker) {
        var made = new ArrayList<T>(1);
        return () -> {
            if (made.isEmpty()) {
                made.add(maker.get());
            }
            return made.getFirst();
        };
    }

    private ControllerContext(Shared shared, KubernetesClient client, String component) {
        this.shared = shared;
        this.client = client;
        this.events = new EventRecorder(client, component, shared.clock);
        shared.closers.add(events::close);
    }

    /** The same context for one that writes through {@code writer} and signs its events as {@code component}; it ends with this one. */
    public ControllerContext as(KubernetesClient writer, String component) {
        return new ControllerContext(shared, writer, component);
    }

    /** The way to the API server. */
    public KubernetesClient client() {
        return client;
    }

    /** The time. */
    public Clock clock() {
        return shared.clock;
    }

    /** Where events go. */
    public EventRecorder events() {
        return events;
    }

    /** The shared cache of a kind. */
    public <T extends HasMetadata> Cache<T> cache(Class<T> type) {
        return shared.informers.cache(type);
    }

    /** The shared watches of every kind, which look for new kinds every 30 seconds. To be asked for before the start. */
    public KindWatches kinds() {
        return shared.kinds.get();
    }

    /** A queue that starts and ends with this context. */
    public <K> WorkQueue<K> queueOf(String name, int workers, Reconciler<K> reconciler) {
        var queue = new WorkQueue<>(name, workers, shared.clockwork, reconciler);
        shared.queues.add(queue);
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
                })
                .add(name);
    }

    /** Something to start after the caches are filled. */
    public void onStart(Runnable starter) {
        shared.starters.add(starter);
    }

    /** Something to end with this context; may be said at any time. */
    public void onClose(Runnable closer) {
        shared.closers.add(closer);
    }

    /** Fills the caches, then starts the queues. */
    public void start() throws InterruptedException, ExecutionException, TimeoutException {
        shared.informers.start();
        shared.queues.forEach(WorkQueue::start);
        shared.starters.forEach(Runnable::run);
    }

    @Override
    public void close() {
        shared.queues.forEach(WorkQueue::close);
        shared.closers.forEach(Runnable::run);
        shared.informers.close();
        shared.clockwork.shutdownNow();
    }
}
