package io.pilothouse.controllers.leader;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs something on one of several replicas: the holder of a Lease. One that cannot renew the Lease in time stops its work and campaigns
 * again. Closing stops the work and gives the Lease up. The rules and times are those of client-go's leader election.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    /** Candidates come at different times: each waits up to so much more than the period. */
    private static final double JITTER = 1.2;

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
    public record Terms(
            String namespace,
            String lease,
            String identity,
            Duration duration,
            Duration renewDeadline,
            Duration retryPeriod) {
        /** Refuses times with which two could lead at once. */
        public Terms {
            if (duration.compareTo(renewDeadline) <= 0) {
                throw new IllegalArgumentException("leaseDuration must be greater than renewDeadline");
            }
            if (renewDeadline.toNanos() <= JITTER * retryPeriod.toNanos()) {
                throw new IllegalArgumentException("renewDeadline must be greater than retryPeriod*" + JITTER);
            }
        }
    }

    private final Terms terms;
    private final Work work;
    private final Election election;
    /** Calls of the election, one at a time; apart, so that one that hangs cannot delay the end of a term. */
    private final ExecutorService calls;

    private final Thread campaign;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;
    private boolean resigned;

    /** Starts to campaign. */
    public Leadership(KubernetesClient client, Terms terms, Work work) {
        this(new ApiLeaseLock(client, terms.namespace, terms.lease), terms, work);
    }

    Leadership(LeaseLock lease, Terms terms, Work work) {
        this.terms = terms;
        this.work = work;
        this.election = new Election(lease, terms.identity, terms.duration, Clock.systemUTC(), System::nanoTime);
        this.calls = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("election-" + terms.lease).factory());
        this.campaign = Thread.ofVirtual().name("leadership-" + terms.lease).start(this::campaign);
    }

    private void campaign() {
        try {
            while (acquire()) {
                serve();
                release();
                setResigned(false);
                if (!pause(terms.retryPeriod)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries until the Lease is held; false when this is closed before. */
    private boolean acquire() throws InterruptedException {
        do {
            if (attempt(terms.renewDeadline).equals(terms.identity)) {
                return true;
            }
        } while (pause(Duration.ofNanos((long)
                (terms.retryPeriod.toNanos() * (1 + ThreadLocalRandom.current().nextDouble() * JITTER)))));
        return false;
    }

    /** Works until the Lease is lost or this is closed. */
    private void serve() throws InterruptedException {
        LOG.atInfo()
                .addKeyValue("lease", terms.lease)
                .addKeyValue("identity", terms.identity)
                .log("leading");
        var term = new Term();
        try {
            Thread beginning = Thread.ofVirtual().name("leader-" + terms.lease).start(() -> term.begin());
            long renewed = System.nanoTime();
            while (pause(terms.retryPeriod)) {
                Duration left = terms.renewDeadline.minusNanos(System.nanoTime() - renewed);
                if (!left.isPositive()) {
                    LOG.atWarn().addKeyValue("lease", terms.lease).log("the lease could not be renewed in time");
                    break;
                }
                String leader = attempt(left);
                if (leader.equals(terms.identity)) {
                    renewed = System.nanoTime();
                } else if (!leader.isEmpty()) {
                    LOG.atWarn()
                            .addKeyValue("lease", terms.lease)
                            .addKeyValue("leader", leader)
                            .log("the lease went to another");
                    break;
                }
            }
            beginning.interrupt();
        } finally {
            term.end();
        }
    }

    /** Who leads after a try to lead; empty when that cannot be known. */
    private String attempt(Duration limit) throws InterruptedException {
        var call = calls.submit(() -> election.tryAcquireOrRenew() ? terms.identity : election.otherLeader());
        try {
            return call.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            return "";
        } catch (ExecutionException e) {
            LOG.atDebug()
                    .addKeyValue("lease", terms.lease)
                    .log("the lease cannot be reached: {}", String.valueOf(e.getCause()));
            return "";
        }
    }

    private void release() throws InterruptedException {
        var call = calls.submit(election::release);
        try {
            call.get(terms.retryPeriod.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            call.cancel(true);
            LOG.atDebug()
                    .addKeyValue("lease", terms.lease)
                    .log("the lease is left to run out: {}", String.valueOf(e.getMessage()));
        }
    }

    /** Waits; false at once when this is closed or the work gave up. */
    private boolean pause(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (left > 0 && !closed && !resigned) {
                left = changed.awaitNanos(left);
            }
            return !closed && !resigned;
        } finally {
            lock.unlock();
        }
    }

    private void setResigned(boolean now) {
        lock.lock();
        try {
            resigned = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The time between winning the Lease and losing it. */
    private final class Term {
        private final ReentrantLock own = new ReentrantLock();
        private boolean over;
        private @Nullable AutoCloseable running;

        void begin() {
            own.lock();
            try {
                if (!over) {
                    running = work.start();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.atError()
                        .addKeyValue("lease", terms.lease)
                        .setCause(e)
                        .log("cannot do the leader's work, giving the lease up");
                setResigned(true);
            } finally {
                own.unlock();
            }
        }

        void end() {
            own.lock();
            try {
                over = true;
                if (running != null) {
                    running.close();
                    LOG.atInfo().addKeyValue("lease", terms.lease).log("no longer leading");
                }
            } catch (Exception e) {
                LOG.atWarn().addKeyValue("lease", terms.lease).setCause(e).log("the leader's work did not end well");
            } finally {
                own.unlock();
            }
        }
    }

    /** Ends the work and gives the Lease up; waits for both, 5 s at most. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!campaign.join(Duration.ofSeconds(5))) {
                campaign.interrupt();
            }
        } catch (InterruptedException e) {
            campaign.interrupt();
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
    }
}
