package io.pilothouse.apiserver.bootstrap;

import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task at once, then whenever something has changed below one of some keys, and at least once in every period. Changes that
 * come while the task runs lead to one more run. The task's failures are logged, and it is tried again.
 */
public final class CacheFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFollower.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore changed = new Semaphore(1);
    private final Set<ObjectCache.Subscriber> open = ConcurrentHashMap.newKeySet();
    private final String name;
    private final QueueMetrics.Queue queue;
    private volatile boolean closed;

    private CacheFollower(String name, QueueMetrics.Queue queue) {
        this.name = name;
        this.queue = queue;
        queue.add(name);
    }

    /** @param queue where it is counted how often the task had to run and how long that took */
    public static CacheFollower start(
            String name,
            QueueMetrics.Queue queue,
            ObjectCache cache,
            List<String> prefixes,
            Duration period,
            Runnable task) {
        var follower = new CacheFollower(name, queue);
        for (String prefix : prefixes) {
            Thread.ofVirtual().name(name + "-watch").start(() -> follower.follow(cache, prefix));
        }
        Thread.ofVirtual().name(name).start(() -> follower.run(period, task));
        return follower;
    }

    private void follow(ObjectCache cache, String prefix) {
        while (!closed) {
            try (var changes = cache.subscribe(prefix, cache.current().revision())) {
                open.add(changes);
                // What changed before the subscription began is seen by this run.
                note();
                while (!closed && !changes.ended()) {
                    if (changes.next(PATIENCE) != null) {
                        note();
                    }
                }
                open.remove(changes);
            } catch (StatusException e) {
                LOG.atWarn().setCause(e).addKeyValue("task", name).log("changes cannot be followed; beginning anew");
            }
        }
    }

    private void note() {
        queue.add(name);
        changed.release();
    }

    private void run(Duration period, Runnable task) {
        var wait = period;
        while (!closed) {
            try {
                if (!changed.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS) && closed) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
            changed.drainPermits();
            if (closed) {
                return;
            }
            wait = period;
            queue.begin(name);
            try {
                task.run();
            } catch (StatusException | StorageException e) {
                LOG.atWarn().setCause(e).addKeyValue("task", name).log("a background task failed; trying again");
                queue.retry();
                wait = RETRY;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("task", name).log("a background task failed");
            } finally {
                queue.end(name);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(ObjectCache.Subscriber::close);
        changed.release();
    }
}
