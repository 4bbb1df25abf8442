package io.pilothouse.apiserver.fairness;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The seats of one priority level, and the queues before them. Who comes takes a seat if there is one; else waits in the shortest queue of its
 * flow's hand. The queue whose first request would be done first is served next, in a virtual time that runs the same for all queues with
 * work, so that no flow gets more than its part. Safe for use by many threads.
 */
final class SeatQueues {
    private static final double NANOS = 1e9;

    /** What a request is thought to take until it is known. */
    private static final double SERVING_SECONDS = 0.003;

    /** Why a request was turned away. */
    enum Refusal {
        QUEUE_FULL("queue-full"),
        NO_SEAT("concurrency-limit"),
        TIME_OUT("time-out"),
        CANCELLED("cancelled");

        final String text;

        Refusal(String text) {
            this.text = text;
        }
    }

    /** How many there are; {@code queues} 0 turns away what finds no seat. */
    record Shape(boolean exempt, int queues, int handSize, int queueLength) {}

    /** A request that waits or is served. */
    final class Entry {
        final String schema;
        final String flow;
        final long arrivedMillis = System.currentTimeMillis();
        private final WorkEstimate work;
        private final CountDownLatch decided = new CountDownLatch(1);
        private @Nullable Queue queue;
        private long startNanos;
        private volatile boolean serving;
        private volatile @Nullable Refusal refusal;

        private Entry(String schema, String flow, WorkEstimate work) {
            this.schema = schema;
            this.flow = flow;
            this.work = work;
        }

        /** Whether it is neither served nor turned away yet. */
        boolean isWaiting() {
            return !serving && refusal == null;
        }

        /** Why it was turned away; null if it was let in. */
        @Nullable
        Refusal refusal() {
            return refusal;
        }

        WorkEstimate work() {
            return work;
        }

        /** It is served; its seats go to others. */
        void finish() {
            finished(this);
        }

        /** Nobody waits for it any more. */
        void cancel() {
            giveUp(this, Refusal.CANCELLED);
        }
    }

    /** Requests that wait for one another. */
    static final class Queue {
        private final int index;
        private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
        private double nextDispatch;
        private int executing;
        private int seatsInUse;
        private int seatsWaiting;

        private Queue(int index) {
            this.index = index;
        }
    }

    /** The state of a level, for metrics and dumps. */
    record State(int executing, int seatsInUse, int waiting, int activeQueues, int limit) {}

    /** The state of a queue, for dumps. */
    record QueueState(
            int index,
            int waiting,
            int executing,
            int seatsInUse,
            double nextDispatch,
            int initialSeats,
            int mostSeats,
            double work) {}

    /** What became of all requests so far. */
    record Counts(long dispatched, long rejected, long timedOut, long cancelled) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final LongSupplier nanos;
    private final ScheduledExecutorService timer;
    private final Demand demand;
    private Shape shape;
    private int limit;
    private List<Queue> queues = new ArrayList<>();
    private double virtualNow;
    private long lastNanos;
    private int executing;
    private int seatsInUse;
    private int waiting;
    private int seatsWaiting;
    private int activeQueues;
    private long dispatched;
    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private int robin;

    /** @param timer gives seats back that are held for a while after an answer */
    SeatQueues(Shape shape, int limit, LongSupplier nanos, ScheduledExecutorService timer) {
        this.shape = shape;
        this.limit = limit;
        this.nanos = nanos;
        this.timer = timer;
        this.lastNanos = nanos.getAsLong();
        this.demand = new Demand(lastNanos);
        growTo(shape.queues());
    }

    /** Changes the shape and the number of seats; who waits in a queue that goes stays in it until it is empty. */
    void reshape(Shape newShape, int newLimit) {
        lock.lock();
        try {
            advance();
            shape = newShape;
            limit = newLimit;
            growTo(newShape.queues());
            while (queues.size() > newShape.queues() && isIdle(queues.getLast())) {
                queues.removeLast();
            }
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    private void growTo(int count) {
        while (queues.size() < count) {
            queues.add(new Queue(queues.size()));
        }
    }

    private static boolean isIdle(Queue queue) {
        return queue.waiting.isEmpty() && queue.executing == 0;
    }

    /**
     * Takes seats, or a place in a queue. Does not wait.
     *
     * @param hash of the flow
     */
    Entry enter(String schema, String flow, WorkEstimate work, long hash) {
        var entry = new Entry(schema, flow, work);
        lock.lock();
        try {
            advance();
            if (shape.exempt() || (shape.queues() == 0 && waiting == 0 && fits(work))) {
                serve(entry);
            } else if (shape.queues() == 0) {
                refuse(entry, Refusal.NO_SEAT);
            } else {
                enqueue(entry, choose(hash));
            }
            noteDemand();
        } finally {
            lock.unlock();
        }
        return entry;
    }

    /** Waits until a request is let in or turned away. */
    void await(Entry entry, long patienceNanos) throws InterruptedException {
        if (!entry.decided.await(patienceNanos, TimeUnit.NANOSECONDS)) {
            giveUp(entry, Refusal.TIME_OUT);
        }
    }

    private void giveUp(Entry entry, Refusal why) {
        lock.lock();
        try {
            var queue = entry.queue;
            if (!entry.serving && entry.refusal == null && queue != null && queue.waiting.remove(entry)) {
                advance();
                unqueue(entry, queue);
                noteIdle(queue);
                refuse(entry, why);
                entry.decided.countDown();
                noteDemand();
            }
        } finally {
            lock.unlock();
        }
    }

    private void refuse(Entry entry, Refusal why) {
        entry.refusal = why;
        refused.merge(why, 1L, Long::sum);
    }

    private void enqueue(Entry entry, Queue queue) {
        if (seatsInUse >= limit && queue.waiting.size() >= shape.queueLength()) {
            refuse(entry, Refusal.QUEUE_FULL);
            return;
        }
        if (isIdle(queue)) {
            queue.nextDispatch = virtualNow;
            activeQueues++;
        }
        entry.queue = queue;
        queue.waiting.add(entry);
        queue.seatsWaiting += entry.work.mostSeats();
        seatsWaiting += entry.work.mostSeats();
        waiting++;
        dispatch();
    }

    private void unqueue(Entry entry, Queue queue) {
        queue.seatsWaiting -= entry.work.mostSeats();
        seatsWaiting -= entry.work.mostSeats();
        waiting--;
    }

    private void noteIdle(Queue queue) {
        if (isIdle(queue)) {
            activeQueues--;
        }
    }

    /** The queue of the hand in which least is waited for and served. */
    private Queue choose(long hash) {
        int deck = Math.min(shape.queues(), queues.size());
        int[] hand = new int[Math.min(shape.handSize(), deck)];
        SeatDealer.deal(hash, deck, hand);
        Queue best = queues.get(hand[0]);
        for (int card : hand) {
            var queue = queues.get(card);
            if (queue.seatsWaiting + queue.seatsInUse < best.seatsWaiting + best.seatsInUse) {
                best = queue;
            }
        }
        return best;
    }

    /** Lets in as many as there are seats for. */
    private void dispatch() {
        while (waiting > 0) {
            var queue = next();
            var entry = queue.waiting.getFirst();
            if (!fits(entry.work)) {
                return;
            }
            queue.waiting.removeFirst();
            unqueue(entry, queue);
            robin = queue.index;
            queue.nextDispatch += entry.work.work(SERVING_SECONDS);
            serve(entry);
            entry.decided.countDown();
        }
    }

    /** The queue whose first request would be done first; of equal ones, the next in turn. */
    private Queue next() {
        Queue best = null;
        double soonest = Double.POSITIVE_INFINITY;
        for (int i = 1; i <= queues.size(); i++) {
            var queue = queues.get((robin + i) % queues.size());
            if (!queue.waiting.isEmpty()) {
                double finish =
                        queue.nextDispatch + queue.waiting.getFirst().work.work(SERVING_SECONDS);
                if (best == null || finish < soonest) {
                    best = queue;
                    soonest = finish;
                }
            }
        }
        if (best == null) {
            throw new IllegalStateException("requests wait in no queue");
        }
        return best;
    }

    /** One that wants more seats than there are is let in alone. */
    private boolean fits(WorkEstimate work) {
        int seats = work.mostSeats();
        return seats > limit ? executing == 0 : seatsInUse + seats <= limit;
    }

    private void serve(Entry entry) {
        entry.startNanos = lastNanos;
        entry.serving = true;
        dispatched++;
        executing++;
        seatsInUse += entry.work.mostSeats();
        var queue = entry.queue;
        if (queue != null) {
            queue.executing++;
            queue.seatsInUse += entry.work.mostSeats();
        }
    }

    private void finished(Entry entry) {
        lock.lock();
        try {
            advance();
            executing--;
            var queue = entry.queue;
            if (queue != null) {
                queue.executing--;
                double served = (lastNanos - entry.startNanos) / NANOS;
                queue.nextDispatch -= entry.work.seats() * (SERVING_SECONDS - served);
                noteIdle(queue);
            }
            if (entry.work.finalNanos() > 0) {
                var _ = timer.schedule(() -> release(entry), entry.work.finalNanos(), TimeUnit.NANOSECONDS);
            } else {
                releaseSeats(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    private void release(Entry entry) {
        lock.lock();
        try {
            advance();
            releaseSeats(entry);
        } finally {
            lock.unlock();
        }
    }

    private void releaseSeats(Entry entry) {
        seatsInUse -= entry.work.mostSeats();
        var queue = entry.queue;
        if (queue != null) {
            queue.seatsInUse -= entry.work.mostSeats();
        }
        dispatch();
        noteDemand();
    }

    /** Virtual time runs as fast as the seats that are used serve each of the queues that have work. */
    private void advance() {
        long now = nanos.getAsLong();
        virtualNow = activeQueues == 0
                ? 0
                : virtualNow + (now - lastNanos) / NANOS * Math.min(seatsInUse + seatsWaiting, limit) / activeQueues;
        lastNanos = now;
    }

    private void noteDemand() {
        demand.set(seatsInUse + seatsWaiting, lastNanos);
    }

    /** How many seats were asked for since the last call. */
    Demand.Observed observe() {
        lock.lock();
        try {
            return demand.reset(nanos.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    State state() {
        lock.lock();
        try {
            return new State(executing, seatsInUse, waiting, activeQueues, limit);
        } finally {
            lock.unlock();
        }
    }

    Counts counts() {
        lock.lock();
        try {
            return new Counts(
                    dispatched,
                    refused.getOrDefault(Refusal.NO_SEAT, 0L) + refused.getOrDefault(Refusal.QUEUE_FULL, 0L),
                    refused.getOrDefault(Refusal.TIME_OUT, 0L),
                    refused.getOrDefault(Refusal.CANCELLED, 0L));
        } finally {
            lock.unlock();
        }
    }

    List<QueueState> queueStates() {
        lock.lock();
        try {
            return queues.stream()
                    .map(q -> new QueueState(
                            q.index,
                            q.waiting.size(),
                            q.executing,
                            q.seatsInUse,
                            q.nextDispatch,
                            q.waiting.stream().mapToInt(e -> e.work.seats()).sum(),
                            q.seatsWaiting,
                            q.waiting.stream()
                                    .mapToDouble(e -> e.work.work(SERVING_SECONDS))
                                    .sum()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Those that wait in a queue, first one first. */
    List<Entry> waitingIn(int index) {
        lock.lock();
        try {
            return index < queues.size() ? List.copyOf(queues.get(index).waiting) : List.of();
        } finally {
            lock.unlock();
        }
    }
}
