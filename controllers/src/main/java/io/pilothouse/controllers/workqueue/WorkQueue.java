package io.pilothouse.controllers.workqueue;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Keys that wait for a reconciler. A key waits at most once; one that is added while it is worked on comes again afterwards; one that
 * fails comes again after 5 ms, doubling up to 1000 s. A bounded number of virtual threads work. Safe for use by many threads.
 *
 * @param <K> what names the work
 */
public final class WorkQueue<K> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final long FIRST_DELAY_MILLIS = 5;
    private static final long LAST_DELAY_MILLIS = 1_000_000;

    private record Timer(long atNanos, ScheduledFuture<?> future) {}

    private final String name;
    private final int workers;
    private final Reconciler<K> reconciler;
    private final ScheduledExecutorService clockwork;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<K> ready = new ArrayDeque<>();
    private final Set<K> dirty = new HashSet<>();
    private final Set<K> working = new HashSet<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private final Map<K, Timer> timers = new HashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    /**
     * A queue that holds keys and works on none until {@link #start}.
     *
     * @param clockwork runs the delays; shared, not closed here
     */
    public WorkQueue(String name, int workers, ScheduledExecutorService clockwork, Reconciler<K> reconciler) {
        this.name = name;
        this.workers = workers;
        this.clockwork = clockwork;
        this.reconciler = reconciler;
    }

    /** Starts the workers. */
    public void start() {
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
    }

    /** Adds a key, to be worked on as soon as a worker is free. */
    public void add(K key) {
        lock.lock();
        try {
            if (!closed && dirty.add(key) && !working.contains(key)) {
                ready.add(key);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a key after a delay; of several pending delays of a key the earliest counts. */
    public void addAfter(K key, Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        lock.lock();
        try {
            Timer pending = timers.get(key);
            if (closed || (pending != null && pending.atNanos <= at)) {
                return;
            }
            if (pending != null) {
                pending.future.cancel(false);
            }
            timers.put(key, new Timer(at, clockwork.schedule(() -> ring(key), delay.toNanos(), TimeUnit.NANOSECONDS)));
        } catch (RejectedExecutionException e) {
            LOG.atDebug().addKeyValue("queue", name).log("the clockwork has stopped");
        } finally {
            lock.unlock();
        }
    }

    private void ring(K key) {
        lock.lock();
        try {
            timers.remove(key);
        } finally {
            lock.unlock();
        }
        add(key);
    }

    private void work() {
        for (K key = next(); key != null; key = next()) {
            Outcome outcome;
            try {
                outcome = reconciler.reconcile(key);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                outcome = Outcome.retry();
                report(key, e);
            }
            finish(key, outcome);
        }
    }

    private void report(K key, Exception failure) {
        if (isClosed()) {
            return;
        }
        if (!(failure instanceof KubernetesClientException refused)) {
            described(LOG.atWarn(), key).setCause(failure).log("will be tried again");
            return;
        }
        var status = refused.getStatus();
        described(isExpected(refused) ? LOG.atDebug() : LOG.atWarn(), key)
                .log(
                        "will be tried again: {}",
                        status == null || status.getMessage() == null ? failure.getMessage() : status.getMessage());
    }

    /** Whether it is what a cache that lags behind, or a namespace that ends, brings about. */
    private static boolean isExpected(KubernetesClientException refused) {
        var status = refused.getStatus();
        return refused.getCode() == 409
                || refused.getCode() == 404
                || (status != null
                        && status.getDetails() != null
                        && status.getDetails().getCauses().stream()
                                .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason())));
    }

    private LoggingEventBuilder described(LoggingEventBuilder line, K key) {
        return line.addKeyValue("queue", name).addKeyValue("key", key);
    }

    private @Nullable K next() {
        lock.lock();
        try {
            while (ready.isEmpty() && !closed) {
                changed.await();
            }
            K key = closed ? null : ready.remove();
            if (key != null) {
                dirty.remove(key);
                working.add(key);
            }
            return key;
        } catch (InterruptedException e) {
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void finish(K key, Outcome outcome) {
        Duration delay = Duration.ZERO;
        lock.lock();
        try {
            working.remove(key);
            if (dirty.contains(key) && !closed) {
                ready.add(key);
                changed.signal();
            }
            if (outcome instanceof Outcome.Retry) {
                int before = failures.merge(key, 1, Integer::sum) - 1;
                delay = Duration.ofMillis(Math.min(LAST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(before, 20)));
            } else {
                failures.remove(key);
            }
        } finally {
            lock.unlock();
        }
        switch (outcome) {
            case Outcome.Done() -> {}
            case Outcome.After(var after) -> addAfter(key, after);
            case Outcome.Retry() -> addAfter(key, delay);
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Stops the workers; those that are at work are interrupted. Returns at once. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            timers.values().forEach(timer -> timer.future.cancel(false));
            timers.clear();
            ready.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
    }
}
