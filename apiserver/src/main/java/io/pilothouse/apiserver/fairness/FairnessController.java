package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps the limiter as the FlowSchemas and PriorityLevelConfigurations say, and shares lent seats out. */
public final class FairnessController implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration SHARING = Duration.ofSeconds(10);

    private final Fairness fairness;
    private final ObjectCache cache;
    private final CountDownLatch ended = new CountDownLatch(1);
    // By identity: what is the same object has not changed.
    private List<StoredObject> seen = List.of();
    private long seenRevision = -1;

    private FairnessController(Fairness fairness, ObjectCache cache) {
        this.fairness = fairness;
        this.cache = cache;
    }

    /** Takes over what the cache has, then follows it on a thread of its own. The cache must be filled. */
    public static FairnessController start(Fairness fairness, ObjectCache cache) {
        var controller = new FairnessController(fairness, cache);
        controller.look();
        Thread.ofVirtual().name("priority-and-fairness").start(controller::run);
        return controller;
    }

    private void run() {
        long sharedNanos = System.nanoTime();
        try {
            while (!ended.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
                if (System.nanoTime() - sharedNanos >= SHARING.toNanos()) {
                    fairness.share();
                    sharedNanos = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the objects again if one of them is another than it was. */
    private void look() {
        var now = cache.current();
        if (now.revision() == seenRevision && !fairness.hasUnwanted()) {
            return;
        }
        var levels = new ArrayList<StoredObject>();
        var schemas = new ArrayList<StoredObject>();
        now.forEach("/registry/prioritylevelconfigurations/", levels::add);
        now.forEach("/registry/flowschemas/", schemas::add);
        var all = new ArrayList<>(levels);
        all.addAll(schemas);
        seenRevision = now.revision();
        if (same(all, seen) && !fairness.hasUnwanted()) {
            return;
        }
        fairness.digest(
                levels.stream().map(o -> LevelSpec.of(o.toNode(""))).toList(),
                schemas.stream().map(o -> FlowSchema.of(o.toNode(""))).toList());
        seen = all;
    }

    private static boolean same(List<StoredObject> a, List<StoredObject> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
