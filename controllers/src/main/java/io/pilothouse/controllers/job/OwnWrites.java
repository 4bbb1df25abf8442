package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The versions of objects that this process wrote: a cache that shows an older one must not be acted on. Safe for use by many threads. */
final class OwnWrites {
    private final Map<String, Long> versions = new ConcurrentHashMap<>();

    /** An object as the server answered it. */
    void wrote(HasMetadata written) {
        versions.merge(written.getMetadata().getUid(), version(written), Math::max);
    }

    /** Whether the cache, which holds {@code cached}, has our last write. */
    boolean hasSeen(HasMetadata cached) {
        return versions.getOrDefault(cached.getMetadata().getUid(), 0L) <= version(cached);
    }

    /** The object is gone or of no more interest. */
    void forget(HasMetadata object) {
        versions.remove(object.getMetadata().getUid());
    }

    private static long version(HasMetadata object) {
        return Long.parseLong(object.getMetadata().getResourceVersion());
    }
}
