package io.pilothouse.storage;

import java.util.List;
import java.util.Optional;

/**
 * etcd, seen from a virtual thread: every call blocks for at most the configured time and throws a {@link StorageException}. Reads move on to
 * another member when one fails; a write is sent once, since whether a lost one happened can't be known. Safe on any thread.
 */
public interface EtcdStore extends AutoCloseable {
    /** Connects lazily. */
    static EtcdStore connect(EtcdConfig config) {
        return new GrpcEtcdStore(config);
    }

    /** The end of the range of all keys that begin with the prefix. */
    static String prefixEnd(String prefix) {
        if (prefix.isEmpty()) {
            return "\0";
        }
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }

    /** Reads one key, linearizably. */
    Optional<KeyValue> get(String key);

    /** Reads one key as it was at a revision (0: now). */
    Optional<KeyValue> get(String key, long revision);

    /**
     * Reads a range in the order of keys.
     *
     * @param revision as it was then; 0 is now, linearizably
     * @param limit 0 is all
     * @throws StorageException.Compacted when that revision is gone
     * @throws StorageException.FutureRevision when it is not reached
     */
    RangeResult range(String start, String endExclusive, long revision, int limit);

    /** Whether a key's value should be written anew, though it is the same; see {@link ValueTransformer#isStale}. */
    default boolean isStale(String key) {
        return false;
    }

    /** How many keys a range has now. */
    long count(String start, String endExclusive);

    /**
     * Writes a key that is not there.
     *
     * @param leaseId 0 is none
     * @return the revision of the write
     * @throws StorageException.KeyExists when it is there
     */
    long create(String key, byte[] value, long leaseId);

    /**
     * Changes a key.
     *
     * @return the revision of the write
     * @throws StorageException.RevisionConflict with the current value when it has another revision
     * @throws StorageException.KeyNotFound when it is gone
     */
    long update(String key, byte[] value, long expectedModRevision, long leaseId);

    /**
     * Deletes a key.
     *
     * @return what was there, and the revision of the deletion
     * @throws StorageException.RevisionConflict with the current value when it has another revision
     * @throws StorageException.KeyNotFound when it is gone
     */
    Deleted delete(String key, long expectedModRevision);

    /** What a deletion removed, and at which revision. */
    record Deleted(KeyValue previous, long revision) {}

    /** Runs the first steps if all conditions hold, else the second; all at one revision. */
    TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise);

    /**
     * A revision that has everything that was acknowledged before the call. Callers that come while one read is under way share the next one.
     */
    long linearizableRevision();

    /** A lease of its own. */
    long grant(long ttlSeconds);

    /**
     * A lease that lives at least that long, shared among keys of an equal time to live, as upstream's API server does: one for each event
     * would cost etcd too much.
     */
    long sharedLease(long ttlSeconds);

    /** Ends a lease and deletes its keys. */
    void revoke(long leaseId);

    /** Forgets all revisions before that one. */
    void compact(long revision);

    /**
     * Watches keys from a revision on (that revision's events are the first). It goes on by itself over errors and other members, from the
     * revision it had reached, until it is closed or the revision is compacted away.
     */
    Watch watch(String start, String endExclusive, long fromRevision, boolean withPrevious, WatchListener listener);

    /** A watch under way. */
    interface Watch extends AutoCloseable {
        /** Ends it; no call of the listener begins after this returns, one may still be running. */
        @Override
        void close();
    }

    /** Ends all watches and connections. */
    @Override
    void close();
}
