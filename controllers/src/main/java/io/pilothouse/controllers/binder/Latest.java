package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.workqueue.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache that knows what was written through it before the watch tells: a binding takes four writes, and what one of them made of an object is
 * what the next goes on from.
 */
final class Latest<T extends HasMetadata> {
    private final Cache<T> cache;
    private final Map<Key, T> written = new ConcurrentHashMap<>();

    Latest(Cache<T> cache) {
        this.cache = cache;
    }

    Optional<T> find(Key key) {
        return cache.find(key).map(seen -> newer(key, seen));
    }

    List<T> all() {
        return cache.all().stream().map(seen -> newer(Key.of(seen), seen)).toList();
    }

    private T newer(Key key, T seen) {
        T own = written.get(key);
        if (own == null) {
            return seen;
        }
        if (revision(own) > revision(seen)) {
            return own;
        }
        written.remove(key, own);
        return seen;
    }

    private static long revision(HasMetadata object) {
        return Long.parseLong(object.getMetadata().getResourceVersion());
    }

    void put(T object) {
        written.put(Key.of(object), object);
    }

    /** Forgets an object that is gone; its last known state. */
    T remove(T gone) {
        T own = written.remove(Key.of(gone));
        return own != null && revision(own) > revision(gone) ? own : gone;
    }
}
