package io.pilothouse.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's queue of events. One consumer at a time; closing from any thread. There are thousands of them, and each event comes to each after all
 * others: what it touches is in no cache then, so that it has no lock object but itself.
 */
public final class Subscription<E> implements AutoCloseable {
    /** Why nothing more will come. */
    public enum End {
        /** The consumer closed it. */
        CLOSED,
        /** The consumer lagged behind too far; it may watch again from its {@link #progress}. */
        TOO_SLOW,
        /** The cache lost its place in etcd's history and began anew: list again. */
        RESET
    }

    /** Is told that there is something to {@link #poll}. Must be quick: the feed of all subscribers waits for it. */
    public interface Listener {
        /** Events came; what else comes until the next {@link #rearm} is not told of. {@link WatchCache#afterDispatch} follows. */
        void queued();

        /** Nothing more will come. */
        void ended();
    }

    private static final int BATCH = 256;
    private final String prefix;
    private final @Nullable IndexKey<E> index;
    private final int capacity;
    private final LongSupplier dispatched;
    private final Consumer<Subscription<E>> onClose;
    private final ArrayDeque<CacheEvent<E>> queue = new ArrayDeque<>();
    private final long from;
    private long taken;
    private volatile @Nullable End end;
    private @Nullable Listener listener;
    private boolean told;
    private boolean taking;

    Subscription(
            String prefix,
            @Nullable IndexKey<E> index,
            long from,
            int capacity,
            LongSupplier dispatched,
            Consumer<Subscription<E>> onClose) {
        this.prefix = prefix;
        this.index = index;
        this.from = from;
        this.taken = from;
        this.capacity = capacity;
        this.dispatched = dispatched;
        this.onClose = onClose;
    }

    String prefix() {
        return prefix;
    }

    @Nullable
    IndexKey<E> index() {
        return index;
    }

    /** The backlog it starts with, which may be longer than the queue allows later. */
    void begin(List<CacheEvent<E>> backlog) {
        queue.addAll(backlog);
    }

    void offer(CacheEvent<E> event) {
        Listener tell = null;
        synchronized (this) {
            if (end != null || event.revision() <= from) {
                return;
            }
            if (queue.size() >= capacity) {
                end = End.TOO_SLOW;
                queue.clear();
            } else {
                queue.add(event);
            }
            if (listener == null) {
                wakeTaker();
            } else if (!told) {
                told = true;
                tell = listener;
            }
        }
        if (tell != null) {
            tell.queued();
        }
        if (end != null) {
            tellOfEnd();
        }
    }

    /** Under the lock. Nobody waits for most events, and to tell nobody costs as much as all else of an offer. */
    private void wakeTaker() {
        if (taking) {
            notifyAll();
        }
    }

    void end(End why) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = why;
            wakeTaker();
        }
        tellOfEnd();
    }

    private void tellOfEnd() {
        onClose.accept(this);
        Listener tell;
        synchronized (this) {
            tell = listener;
        }
        if (tell != null) {
            tell.ended();
        }
    }

    /**
     * From now on the listener is told, and nobody takes any more. Begin with {@link #poll}: what is queued already is not told of before the
     * first {@link #rearm}.
     */
    public synchronized void listen(Listener to) {
        listener = to;
        told = true;
    }

    /** The next events in order, at most so many; does not wait. */
    public synchronized List<CacheEvent<E>> poll(int most) {
        List<CacheEvent<E>> batch = new ArrayList<>(Math.min(most, queue.size()));
        while (batch.size() < most && !queue.isEmpty()) {
            batch.add(queue.remove());
        }
        if (!batch.isEmpty()) {
            taken = batch.getLast().revision();
        }
        return batch;
    }

    /** Lets the listener be told again; false when there is something to {@link #poll} already, or nothing more will come. */
    public synchronized boolean rearm() {
        told = !queue.isEmpty() || end != null;
        return !told;
    }

    /**
     * The next events in order, at most 256. Empty when none came in that time, or when it has ended: see {@link #ended}. What was queued
     * before a reset still comes.
     *
     * @throws InterruptedException when interrupted while waiting
     */
    public synchronized List<CacheEvent<E>> take(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        taking = true;
        for (long left = patience.toNanos();
                queue.isEmpty() && end == null && left > 0;
                left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        taking = false;
        return poll(BATCH);
    }

    /** The revision up to which all events of this subscription were taken: what a bookmark may say. */
    public long progress() {
        long through = dispatched.getAsLong(); // read first: all its events are in the queue by now
        synchronized (this) {
            // The last taken revision may have further events waiting.
            long sure = queue.isEmpty()
                    ? Math.max(taken, through)
                    : Math.min(taken, queue.element().revision() - 1);
            return end == null ? Math.max(from, sure) : taken;
        }
    }

    /** Why nothing more will come, once nothing is queued. */
    public synchronized Optional<End> ended() {
        return queue.isEmpty() ? Optional.ofNullable(end) : Optional.empty();
    }

    @Override
    public void close() {
        end(End.CLOSED);
    }
}
