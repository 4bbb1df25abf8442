package io.pilothouse.controllers.volume;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.ArrayList;
import java.util.function.Predicate;

/**
 * Keeps what is in use from going away: every object of a kind carries a finalizer, which is taken off when the object is being deleted
 * and nothing uses it. Admission puts it on; what was made before it did gets it here.
 *
 * @param <T> the kind
 */
final class Protection<T extends HasMetadata> {
    private static final int CONFLICT = 409;
    private static final int GONE = 404;

    private final ControllerContext context;
    private final Cache<T> objects;
    private final Class<T> type;
    private final String finalizer;
    private final Predicate<T> inUse;
    private final WorkQueue<Key> queue;

    /** @param inUse asked only of what is being deleted; may ask the server */
    Protection(ControllerContext context, Class<T> type, String name, String finalizer, Predicate<T> inUse) {
        this.context = context;
        this.objects = context.cache(type);
        this.type = type;
        this.finalizer = finalizer;
        this.inUse = inUse;
        this.queue = context.queue(name, 1, this::reconcile);
        objects.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
    }

    /** Something that may have used the object has changed or gone. */
    void lookAgain(Key key) {
        queue.add(key);
    }

    private Outcome reconcile(Key key) {
        var found = objects.find(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        T object = found.get();
        boolean ending = object.getMetadata().getDeletionTimestamp() != null;
        boolean protectedNow = object.getMetadata().getFinalizers().contains(finalizer);
        if (ending && protectedNow && !inUse.test(object)) {
            return write(object, false);
        }
        return !ending && !protectedNow ? write(object, true) : Outcome.done();
    }

    private Outcome write(T object, boolean wanted) {
        T changed = context.client().getKubernetesSerialization().clone(object);
        var finalizers = new ArrayList<>(changed.getMetadata().getFinalizers());
        finalizers.remove(finalizer);
        if (wanted) {
            finalizers.add(finalizer);
        }
        changed.getMetadata().setFinalizers(finalizers);
        try {
            context.client().resources(type).resource(changed).update();
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return Outcome.retry();
            }
            if (e.getCode() != GONE) {
                throw e;
            }
        }
        return Outcome.done();
    }
}
