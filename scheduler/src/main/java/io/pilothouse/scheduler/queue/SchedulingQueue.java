package io.pilothouse.scheduler.queue;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Pods that wait, the highest priority first and among equals the one that waits longest. A pod that fits nowhere is set aside until something
 * in the cluster changes or five minutes have passed, and then waits out a delay that doubles with its attempts from 1 s to 10 s. Safe for use by many threads.
 */
public final class SchedulingQueue implements AutoCloseable {
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LAST_DELAY = Duration.ofSeconds(10);
    private static final Duration ASIDE = Duration.ofMinutes(5);

    private static final class Entry {
        private Pod pod;
        private final long added = System.nanoTime();
        private int attempts;
        private long notBefore;
        private long setAside;
        private long movesAtTake;

        private Entry(Pod pod) {
            this.pod = pod;
        }

        private int priority() {
            return pod.getSpec().getPriority() == null ? 0 : pod.getSpec().getPriority();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Entry> waiting = new HashMap<>();
    private final Map<String, Entry> aside = new HashMap<>();
    private final Map<String, Entry> working = new HashMap<>();
    private final PriorityQueue<Entry> active = new PriorityQueue<>(
            Comparator.comparingInt((Entry entry) -> -entry.priority()).thenComparingLong(entry -> entry.added));
    private final PriorityQueue<Entry> delayed =
            new PriorityQueue<>(Comparator.comparingLong((Entry entry) -> entry.notBefore));
    private long moves;
    private boolean closed;

    /** A pod without a node appeared or changed. */
    public void add(Pod pod) {
        lock.lock();
        try {
            String uid = pod.getMetadata().getUid();
            Entry known = waiting.containsKey(uid) ? waiting.get(uid) : working.get(uid);
            Entry set = aside.remove(uid);
            if (known != null) {
                known.pod = pod;
            } else if (set != null) {
                set.pod = pod;
                enqueue(set);
            } else {
                enqueue(new Entry(pod));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A pod changed in a way that cannot make it fit. */
    public void refresh(Pod pod) {
        lock.lock();
        try {
            Entry set = aside.get(pod.getMetadata().getUid());
            if (set != null) {
                set.pod = pod;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A pod went or has a node. */
    public void remove(Pod pod) {
        lock.lock();
        try {
            String uid = pod.getMetadata().getUid();
            aside.remove(uid);
            working.remove(uid);
            Entry entry = waiting.remove(uid);
            if (entry != null) {
                active.remove(entry);
                delayed.remove(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something changed in the cluster that may help the pods that pass {@code helped}. */
    public void changed(Predicate<Pod> helped) {
        lock.lock();
        try {
            moves++;
            var back = aside.values().stream()
                    .filter(entry -> helped.test(entry.pod))
                    .toList();
            back.forEach(entry -> {
                aside.remove(entry.pod.getMetadata().getUid());
                enqueue(entry);
            });
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Entry entry) {
        waiting.put(entry.pod.getMetadata().getUid(), entry);
        if (entry.notBefore > System.nanoTime()) {
            delayed.add(entry);
        } else {
            active.add(entry);
        }
        changed.signal();
    }

    /** The next pod; waits for one. Empty when closed. */
    public Optional<Pod> take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                wake();
                Entry next = active.poll();
                if (next != null) {
                    String uid = next.pod.getMetadata().getUid();
                    waiting.remove(uid);
                    working.put(uid, next);
                    next.attempts++;
                    next.movesAtTake = moves;
                    return Optional.of(next.pod);
                }
                Entry soonest = delayed.peek();
                long wait = soonest == null ? TimeUnit.SECONDS.toNanos(30) : soonest.notBefore - System.nanoTime();
                if (wait > 0) {
                    var _ = changed.awaitNanos(wait);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        long now = System.nanoTime();
        for (Entry soonest = delayed.peek(); soonest != null && soonest.notBefore <= now; soonest = delayed.peek()) {
            delayed.remove();
            active.add(soonest);
        }
        var old = aside.values().stream()
                .filter(entry -> now - entry.setAside > ASIDE.toNanos())
                .toList();
        old.forEach(entry -> {
            aside.remove(entry.pod.getMetadata().getUid());
            enqueue(entry);
        });
    }

    /** The pod taken fits nowhere now. If the cluster changed since it was taken it comes again after its delay, else when something changes. */
    public void unschedulable(Pod pod) {
        putBack(pod, false);
    }

    /** The pod taken failed for a reason that passes by itself: it comes again after its delay. */
    public void failed(Pod pod) {
        putBack(pod, true);
    }

    private void putBack(Pod pod, boolean again) {
        lock.lock();
        try {
            Entry entry = working.remove(pod.getMetadata().getUid());
            if (entry == null) {
                return;
            }
            long delay = Math.min(LAST_DELAY.toNanos(), FIRST_DELAY.toNanos() << Math.min(entry.attempts - 1, 10));
            entry.notBefore = System.nanoTime() + delay;
            entry.setAside = System.nanoTime();
            if (again || moves != entry.movesAtTake) {
                enqueue(entry);
            } else {
                aside.put(pod.getMetadata().getUid(), entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The pod taken was bound. */
    public void done(Pod pod) {
        lock.lock();
        try {
            working.remove(pod.getMetadata().getUid());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
