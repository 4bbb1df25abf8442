package io.pilothouse.storage;

/** A transaction's step. */
public sealed interface Op {
    /** Reads one key. */
    record Get(String key) implements Op {}

    /** Reads a range; limit 0 is all. */
    record Range(String start, String endExclusive, int limit) implements Op {}

    /** Writes one key; lease 0 is none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Put(String key, byte[] value, long lease) implements Op {}

    /** Deletes one key if it is there; gives what was there. */
    record Delete(String key) implements Op {}
}
