package io.pilothouse.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A subscriber's queue of events. One consumer at a time; closing from any thread. */
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

    private static final int BATCH = 256;
    private final String prefix;
    private final @Nullable IndexKey<E> index;
    private final int capacity;
    private final LongSupplier dispatched;
    private final Consumer<Subscription<E>> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<CacheEvent<E>> queue = new ArrayDeque<>();
    private final long from;
    private long taken;
    private volatile @Nullable End end;

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
        lock.lock();
        try {
            if (end != null || event.revision() <= from) {
                return;
            }
            if (queue.size() >= capacity) {
                end = End.TOO_SLOW;
                queue.clear();
            } else {
                queue.add(event);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (end != null) {
            onClose.accept(this);
        }
    }

    void end(End why) {
        lock.lock();
        try {
            if (end == null) {
                end = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }

    /**
     * The next events in order, at most 256. Empty when none came in that time, or when it has ended: see {@link #ended}. What was queued
     * before a reset still comes.
     *
     * @throws InterruptedException when interrupted while waiting
     */
    public List<CacheEvent<E>> take(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (queue.isEmpty() && end == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<CacheEvent<E>> batch = new ArrayList<>(Math.min(BATCH, queue.size()));
            while (batch.size() < BATCH && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            if (!batch.isEmpty()) {
                taken = batch.getLast().revision();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The revision up to which all events of this subscription were taken: what a bookmark may say. */
    public long progress() {
        long through = dispatched.getAsLong(); // read first: all its events are in the queue by now
        lock.lock();
        try {
            // The last taken revision may have further events waiting.
            long sure = queue.isEmpty()
                    ? Math.max(taken, through)
                    : Math.min(taken, queue.element().revision() - 1);
            return end == null ? Math.max(from, sure) : taken;
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing more will come, once nothing is queued. */
    public Optional<End> ended() {
        lock.lock();
        try {
            return queue.isEmpty() ? Optional.ofNullable(end) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end(End.CLOSED);
    }
}
