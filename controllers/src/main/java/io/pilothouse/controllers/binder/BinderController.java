package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;

/**
 * Binds claims to volumes, and lets go of volumes whose claims are gone. One claim and one volume are worked on at a time, so that no two claims are
 * given the same volume. What waits for its first consumer is bound by the scheduler, and what has to be made by external provisioners.
 */
public final class BinderController {
    private final WorkQueue<Key> claimQueue;
    private final WorkQueue<Key> volumeQueue;

    /**
     * Joins a context.
     *
     * @param period how often all are looked at
     */
    public BinderController(ControllerContext context, Duration period) {
        var claimCache = context.cache(PersistentVolumeClaim.class);
        var volumeCache = context.cache(PersistentVolume.class);
        var claims = new Latest<>(claimCache);
        var volumes = new Latest<>(volumeCache);
        var writer = new Writer(context, volumes, claims);
        var claimSync = new ClaimSync(context, volumes, new Classes(context.cache(StorageClass.class)), writer);
        this.claimQueue = context.queue("claims", 1, key -> {
            claims.find(key).ifPresent(claimSync::sync);
            return Outcome.done();
        });
        var volumeSync = new VolumeSync(context, claims, writer, claimQueue::add);
        this.volumeQueue = context.queue("volumes", 1, key -> {
            volumes.find(key).ifPresent(volumeSync::sync);
            return Outcome.done();
        });
        claimCache.on(
                added -> claimQueue.add(Key.of(added)),
                (before, after) -> claimQueue.add(Key.of(after)),
                gone -> lookAtVolume(claims.remove(gone)));
        volumeCache.on(
                added -> volumeQueue.add(Key.of(added)),
                (before, after) -> volumeQueue.add(Key.of(after)),
                gone -> lookAtClaim(volumes.remove(gone)));
        context.every("volume-binder", period, () -> {
            claimCache.all().forEach(claim -> claimQueue.add(Key.of(claim)));
            volumeCache.all().forEach(volume -> volumeQueue.add(Key.of(volume)));
        });
    }

    private void lookAtVolume(PersistentVolumeClaim gone) {
        String name = gone.getSpec().getVolumeName();
        if (name != null && !name.isEmpty()) {
            volumeQueue.add(new Key("", name));
        }
    }

    private void lookAtClaim(PersistentVolume gone) {
        var reference = gone.getSpec().getClaimRef();
        if (reference != null) {
            claimQueue.add(new Key(reference.getNamespace(), reference.getName()));
        }
    }
}
