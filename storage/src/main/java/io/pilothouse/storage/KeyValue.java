package io.pilothouse.storage;

/**
 * One key of etcd at one revision. The value is not copied: treat it as immutable.
 *
 * @param createRevision the revision that created the key in its present life
 * @param modRevision the revision of this value
 * @param version 1 on creation, one more with each change
 * @param lease the lease it is bound to, or 0
 */
@SuppressWarnings("ArrayRecordComponent") // compared by key and revision, never by content
public record KeyValue(String key, byte[] value, long createRevision, long modRevision, long version, long lease) {
    /** Two are the same when etcd says so: same key at the same revision. */
    @Override
    public boolean equals(Object other) {
        return other instanceof KeyValue that && key.equals(that.key) && modRevision == that.modRevision;
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Long.hashCode(modRevision);
    }

    /** Shows no value: it may be a secret. */
    @Override
    public String toString() {
        return "KeyValue[" + key + " @" + modRevision + ", " + value.length + " bytes]";
    }
}
