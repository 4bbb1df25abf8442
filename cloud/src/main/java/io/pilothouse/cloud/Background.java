package io.pilothouse.cloud;

import io.pilothouse.cloud.autoscaling.Groups;
import io.pilothouse.cloud.ec2.InstanceService;
import io.pilothouse.cloud.iam.IamStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that looks after instances and groups, each second and whenever woken. */
final class Background implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Background.class);
    private static final long PERIOD_MILLIS = 1000;
    private static final int SESSIONS_EVERY = 600;
    private final InstanceService instances;
    private final Groups groups;
    private final IamStore iam;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private volatile boolean closed;

    Background(InstanceService instances, Groups groups, IamStore iam) {
        this.instances = instances;
        this.groups = groups;
        this.iam = iam;
        this.thread = Thread.ofVirtual().name("cloud-background").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Makes the next round come at once. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (int round = 0; !closed; round++) {
            try {
                instances.check();
                groups.reconcile();
                if (round % SESSIONS_EVERY == 0) {
                    iam.removeOldSessions();
                }
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("background round failed; the next one tries again");
            }
            try {
                await();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void await() throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
            while (!woken && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the round under way to end. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
