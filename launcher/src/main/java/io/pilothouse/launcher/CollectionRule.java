package io.pilothouse.launcher;

import java.time.Duration;

/**
 * When the old generation is worth a collection, though it could still grow. The serial collector lets it grow to its limit first, and only a
 * full collection gives memory back or lets softly-held objects go that nobody used in a while.
 */
final class CollectionRule {
    /** What the old generation may grow by, at the least, before it is collected. */
    static final long LEAST_GROWTH = 32L << 20;

    /** From the start, and then from each collection, until a quiet process is collected. */
    static final Duration AFTER_START = Duration.ofSeconds(10);

    static final Duration QUIET_PERIOD = Duration.ofMinutes(1);
    /** Of a busy process's time, collections for growth take one part in so many at most. */
    static final int GROWTH_SHARE = 30;
    /** And of a quiet one's, those that give memory back. */
    static final int QUIET_SHARE = 500;
    /** Up to so many collections of the young generation since it was last looked, a process is called quiet. */
    static final int QUIET_COLLECTIONS = 2;

    private CollectionRule() {}

    /**
     * The heap as it stands.
     *
     * @param used bytes of the old generation
     * @param live bytes of it that lived through its last collection; 0 before the first
     * @param youngCollections since it was last looked
     * @param youngSinceFull collections of the young generation since the last of all, or the start
     * @param sinceFull since the last collection of all, or the start
     * @param lastPause what that took
     */
    record Heap(
            long used, long live, long youngCollections, long youngSinceFull, Duration sinceFull, Duration lastPause) {}

    static boolean due(Heap heap) {
        return grown(heap) || quiet(heap);
    }

    private static boolean grown(Heap heap) {
        return heap.used() - heap.live() > Math.max(LEAST_GROWTH, heap.live() / 2) && affordable(heap, GROWTH_SHARE);
    }

    /** What happened since the last one may have left something behind, and nobody waits for the pause. */
    private static boolean quiet(Heap heap) {
        return heap.youngSinceFull() > 0
                && heap.youngCollections() <= QUIET_COLLECTIONS
                && heap.sinceFull().compareTo(heap.live() == 0 ? AFTER_START : QUIET_PERIOD) >= 0
                && affordable(heap, QUIET_SHARE);
    }

    private static boolean affordable(Heap heap, int share) {
        return heap.sinceFull().compareTo(heap.lastPause().multipliedBy(share)) >= 0;
    }
}
