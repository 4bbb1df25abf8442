package io.pilothouse.storage;

import java.util.Optional;

/**
 * One change of one key.
 *
 * @param deleted whether the key went; then {@code current} has no value but the deletion's revision
 * @param previous the value before, where asked for and not compacted
 */
public record WatchEvent(boolean deleted, KeyValue current, Optional<KeyValue> previous) {
    /** The revision of the change. */
    public long revision() {
        return current.modRevision();
    }

    /** Whether the key is new. */
    public boolean created() {
        return !deleted && current.createRevision() == current.modRevision();
    }
}
