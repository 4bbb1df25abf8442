package io.pilothouse.apiserver.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How long the work for a request may take. When that is over, the thread that does it is interrupted: whoever waits in its name gives up.
 * Safe for use by many threads.
 */
public final class TimeLimit implements AutoCloseable {
    private final Thread worker;
    private final ScheduledExecutorService timer;
    private final List<Future<?>> alarms = new ArrayList<>(1);
    private long endNanos;
    private boolean over;
    private boolean closed;

    private TimeLimit(Thread worker, ScheduledExecutorService timer, long endNanos) {
        this.worker = worker;
        this.timer = timer;
        this.endNanos = endNanos;
    }

    /**
     * For the calling thread.
     *
     * @param before runs first when the time is over, and must not wait
     */
    public static TimeLimit start(Duration left, ScheduledExecutorService timer, Runnable before) {
        var limit = new TimeLimit(Thread.currentThread(), timer, System.nanoTime() + left.toNanos());
        limit.alarm(left, before);
        return limit;
    }

    /** No limit, for the calling thread. */
    public static TimeLimit none(ScheduledExecutorService timer) {
        return new TimeLimit(Thread.currentThread(), timer, System.nanoTime() + Long.MAX_VALUE / 2);
    }

    /** The same limit or a nearer one. */
    public synchronized void atMost(Duration left) {
        long end = System.nanoTime() + left.toNanos();
        if (end - endNanos < 0) {
            endNanos = end;
            alarm(left, () -> {});
        }
    }

    private synchronized void alarm(Duration left, Runnable before) {
        alarms.add(timer.schedule(() -> ring(before), left.toNanos(), TimeUnit.NANOSECONDS));
    }

    private synchronized void ring(Runnable before) {
        if (!closed) {
            over = true;
            try {
                before.run();
            } finally {
                worker.interrupt();
            }
        }
    }

    /** What is left of it; zero or less when it is over. */
    public synchronized Duration left() {
        return Duration.ofNanos(endNanos - System.nanoTime());
    }

    /** Whether the work was told to end. */
    public synchronized boolean isOver() {
        return over;
    }

    /** The same as {@link #end}. */
    @Override
    public void close() {
        end();
    }

    /** The work has ended, in whatever way; what comes now may take its time. For the thread that did it. */
    public synchronized void end() {
        if (!closed) {
            closed = true;
            alarms.forEach(alarm -> alarm.cancel(false));
            if (over) {
                Thread.interrupted();
            }
        }
    }
}
