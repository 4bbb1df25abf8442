package io.pilothouse.cloud.state;

import java.util.List;
import java.util.Optional;

/**
 * Small records by key, each with a revision that changes with every write. Keys are paths without a leading slash; the store puts its
 * own prefix before them. A write has reached stable storage when the call returns. Safe for many threads.
 */
public interface StateStore {
    /** A record as it is stored. */
    record Entry(String key, String json, long revision) {}

    /** The record at a key. */
    Optional<Entry> find(String key);

    /** All records whose key starts with the prefix, in key order. */
    List<Entry> list(String prefix);

    /**
     * Writes a record if it still has the expected revision; 0 means that there must be none.
     *
     * @return whether it was written
     */
    boolean compareAndSet(String key, long expectedRevision, String json);

    /**
     * Removes a record if it still has the expected revision.
     *
     * @return whether it was removed
     */
    boolean remove(String key, long expectedRevision);
}
