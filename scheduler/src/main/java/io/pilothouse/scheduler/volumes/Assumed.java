package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.workqueue.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache with decisions that are not written yet: of an object that was decided on, what was decided counts until the API shows a later state of it. Safe
 * for use by many threads.
 */
final class Assumed<T extends HasMetadata> {
    private final Cache<T> cache;
    private final Map<Key, T> assumed = new ConcurrentHashMap<>();

    Assumed(Cache<T> cache) {
        this.cache = cache;
    }

    /** What the API shows. */
    Optional<T> shown(Key key) {
        return cache.find(key);
    }

    Optional<T> find(Key key) {
        return cache.find(key).map(this::latest);
    }

    List<T> all() {
        return cache.all().stream().map(this::latest).toList();
    }

    private T latest(T shown) {
        var key = Key.of(shown);
        T own = assumed.get(key);
        if (own == null) {
            return shown;
        }
        if (isOlder(own, shown)) {
            assumed.remove(key, own);
            return shown;
        }
        return own;
    }

    /** Whether the API shows a state of an object from before another. */
    static boolean isOlder(HasMetadata one, HasMetadata other) {
        return revision(one) < revision(other);
    }

    private static long revision(HasMetadata object) {
        return Long.parseLong(object.getMetadata().getResourceVersion());
    }

    void assume(T object) {
        assumed.put(Key.of(object), object);
    }

    /** What was decided does not count any more. */
    void forget(T object) {
        assumed.remove(Key.of(object));
    }
}
