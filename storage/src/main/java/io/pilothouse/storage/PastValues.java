package io.pilothouse.storage;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has values that were replaced made smaller: events and former states keep them for a while, and hardly anybody asks for them. A thread of its own
 * does it, with a small part of a processor. The newest go first, as they stay longest; of too many the oldest are left as they are.
 */
final class PastValues<E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PastValues.class);
    private static final int MOST = 10_000;
    private static final long STACK = 256 << 10;
    /** At a time, and how long it rests then: others wait for the processor. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final Duration REST = Duration.ofMillis(200);

    private final Consumer<E> shrink;
    private final LinkedBlockingDeque<CacheEntry<E>> replaced = new LinkedBlockingDeque<>(MOST);
    private final Thread thread;

    /** @param shrink must be safe while others read the value */
    PastValues(Consumer<E> shrink) {
        this.shrink = shrink;
        this.thread = Thread.ofPlatform()
                .name("past-values")
                .daemon()
                .stackSize(STACK)
                .start(this::run);
    }

    /** That entry is the present state no more. Does not wait. */
    void add(CacheEntry<E> entry) {
        while (!replaced.offerLast(entry)) {
            replaced.pollFirst();
        }
    }

    private void run() {
        try {
            while (true) {
                CacheEntry<E> next = replaced.takeLast();
                long start = System.nanoTime();
                do {
                    shrink(next);
                    next = replaced.pollLast();
                } while (next != null && System.nanoTime() - start < TURN_NANOS);
                if (next != null) {
                    var _ = replaced.offerLast(next);
                }
                Thread.sleep(REST);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void shrink(CacheEntry<E> entry) {
        try {
            if (entry.isMade()) {
                shrink.accept(entry.value());
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).addKeyValue("key", entry.key()).log("a value of the past stays as large as it is");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
