package io.pilothouse.storage;

import java.util.List;

/**
 * A range read.
 *
 * @param revision etcd's revision when it was read (not the one asked for)
 * @param more whether the limit cut it off
 * @param count how many keys the whole range has, whatever the limit
 */
public record RangeResult(List<KeyValue> keyValues, long revision, boolean more, long count) {}
