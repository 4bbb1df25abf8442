package io.pilothouse.launcher;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the heap of a process near to what lives in it, by a full collection where {@link CollectionRule} has one due. It knows the serial collector,
 * which {@code bin/pilothouse} asks for; the others see to it themselves.
 */
final class HeapKeeper {
    private static final Duration LOOKED_AT_EACH = Duration.ofSeconds(5);
    private static final long STACK = 256 << 10;

    private final MemoryPoolMXBean old;
    private final GarbageCollectorMXBean young;
    private final GarbageCollectorMXBean full;
    private long youngSeen;
    private long youngAtFull;
    private long fullSeen;
    private long fullMillis;
    private long fullNanos = System.nanoTime();
    private Duration lastPause = Duration.ZERO;

    private HeapKeeper(MemoryPoolMXBean old, GarbageCollectorMXBean young, GarbageCollectorMXBean full) {
        this.old = old;
        this.young = young;
        this.full = full;
    }

    /** Starts a daemon thread that looks every few seconds; with another collector than the serial one it ends. */
    static void start() {
        Thread.ofPlatform().name("heap-keeper").daemon().stackSize(STACK).start(HeapKeeper::run);
    }

    private static void run() {
        try {
            // What a start needs goes first; this can wait.
            Thread.sleep(LOOKED_AT_EACH);
            var keeper = ofSerialCollector();
            while (keeper.isPresent()) {
                Thread.sleep(LOOKED_AT_EACH);
                if (CollectionRule.due(keeper.get().look())) {
                    System.gc();
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<HeapKeeper> ofSerialCollector() {
        var pools = ManagementFactory.getMemoryPoolMXBeans();
        var old = pools.stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .findFirst();
        return old.flatMap(pool -> collector("Copy")
                .flatMap(young -> collector("MarkSweepCompact").map(full -> new HeapKeeper(pool, young, full))));
    }

    private static Optional<GarbageCollectorMXBean> collector(String name) {
        var all = ManagementFactory.getGarbageCollectorMXBeans();
        return all.stream().filter(each -> each.getName().equals(name)).findFirst();
    }

    private CollectionRule.Heap look() {
        long collected = young.getCollectionCount();
        long times = full.getCollectionCount();
        if (times != fullSeen) {
            long millis = full.getCollectionTime();
            lastPause = Duration.ofMillis((millis - fullMillis) / (times - fullSeen));
            fullMillis = millis;
            fullSeen = times;
            fullNanos = System.nanoTime();
            youngAtFull = collected;
        }
        long sinceLook = collected - youngSeen;
        youngSeen = collected;
        return new CollectionRule.Heap(
                old.getUsage().getUsed(),
                old.getCollectionUsage().getUsed(),
                sinceLook,
                collected - youngAtFull,
                Duration.ofNanos(System.nanoTime() - fullNanos),
                lastPause);
    }
}
