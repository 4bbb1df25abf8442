package io.pilothouse.storage;

import java.util.Optional;

/**
 * One change in the watch cache. One object serves all who watch.
 *
 * @param revision the change's revision
 * @param entry what the key holds now; when deleted what it held before
 * @param previous what the key held before, empty for a new key
 */
public record CacheEvent<E>(Type type, long revision, CacheEntry<E> entry, Optional<CacheEntry<E>> previous) {
    /** What happened to the key. */
    public enum Type {
        /** The key is new. */
        CREATED,
        /** The key has another value. */
        UPDATED,
        /** The key is gone. */
        DELETED
    }

    /** The key. */
    public String key() {
        return entry.key();
    }
}
