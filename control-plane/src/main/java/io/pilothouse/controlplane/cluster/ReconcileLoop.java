package io.pilothouse.controlplane.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a reconciler for each key when it is due: once at the start, whenever told, when the reconciler wanted to come back, and after a
 * growing pause when it failed. Never twice at a time for one key. Safe for many threads.
 */
public final class ReconcileLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private final String name;
    private final Reconciler reconciler;
    private final Supplier<List<String>> keys;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Long> due = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private final Map<String, Long> pauses = new HashMap<>();
    private boolean closed;

    /** Brings one thing a step nearer to what it shall be. */
    public interface Reconciler {
        /** Returns when to come back without being told; empty when all is as wanted. */
        Optional<Duration> reconcile(String key) throws Exception;
    }

    /** @param keys all there are at the start */
    public ReconcileLoop(String name, Reconciler reconciler, Supplier<List<String>> keys) {
        this.name = name;
        this.reconciler = reconciler;
        this.keys = keys;
    }

    /** Begins with all keys. */
    public void start() {
        keys.get().forEach(this::wake);
        Thread.ofVirtual().name(name).start(this::run);
    }

    /** Has a key reconciled now; again, if that is under way. */
    public void wake(String key) {
        schedule(key, 0);
    }

    private void schedule(String key, long millis) {
        lock.lock();
        try {
            due.merge(key, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), Math::min);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!closed) {
                long now = System.nanoTime();
                long wait = TimeUnit.SECONDS.toNanos(60);
                for (String key : List.copyOf(due.keySet())) {
                    long left = due.getOrDefault(key, now) - now;
                    if (running.contains(key)) {
                        continue;
                    }
                    if (left <= 0) {
                        due.remove(key);
                        running.add(key);
                        Thread.ofVirtual().name(name + "-" + key).start(() -> work(key));
                    } else {
                        wait = Math.min(wait, left);
                    }
                }
                long ignored = changed.awaitNanos(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void work(String key) {
        long again = -1;
        try {
            again = reconciler.reconcile(key).map(Duration::toMillis).orElse(-1L);
            forget(key);
        } catch (Exception e) {
            lock.lock();
            try {
                again = pauses.merge(key, FIRST_PAUSE_MILLIS, (old, first) -> Math.min(old * 2, LONGEST_PAUSE_MILLIS));
            } finally {
                lock.unlock();
            }
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("loop", name)
                    .addKeyValue("key", key)
                    .addKeyValue("againMillis", again)
                    .log("reconciling failed");
        } finally {
            lock.lock();
            try {
                running.remove(key);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (again >= 0) {
                schedule(key, again);
            }
        }
    }

    private void forget(String key) {
        lock.lock();
        try {
            pauses.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Starts nothing more, and waits for what is under way, 20 s at most. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            long left = TimeUnit.SECONDS.toNanos(20);
            while (!running.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
