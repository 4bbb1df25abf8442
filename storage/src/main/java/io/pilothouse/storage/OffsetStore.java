package io.pilothouse.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store whose revisions are etcd's and a fixed number more. An etcd that was put back to a snapshot counts on from the snapshot's revision: what it
 * had given out since comes a second time, for other changes, and who goes on from such a revision misses what came before it. With an offset that
 * is no less than all revisions given out before, every one of them is older than what is there, and is refused as compacted.
 */
public final class OffsetStore extends DelegatingStore {
    /** No key has it. */
    private static final long NONE = Long.MAX_VALUE;

    private final long offset;

    private OffsetStore(EtcdStore store, long offset) {
        super(store);
        this.offset = offset;
    }

    /**
     * Wraps a store; closing this closes it.
     *
     * @param offset 0 or more; with 0 it is the store itself
     */
    public static EtcdStore over(EtcdStore store, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("a negative offset: " + offset);
        }
        return offset == 0 ? store : new OffsetStore(store, offset);
    }

    private long outer(long revision) {
        return revision + offset;
    }

    private KeyValue outer(KeyValue inner) {
        return new KeyValue(
                inner.key(),
                inner.value(),
                outer(inner.createRevision()),
                outer(inner.modRevision()),
                inner.version(),
                inner.lease());
    }

    private WatchEvent outer(WatchEvent inner) {
        // A deletion's key has no creation.
        KeyValue current = inner.current();
        KeyValue shown = inner.deleted()
                ? new KeyValue(
                        current.key(),
                        current.value(),
                        current.createRevision(),
                        outer(current.modRevision()),
                        current.version(),
                        current.lease())
                : outer(current);
        return new WatchEvent(inner.deleted(), shown, inner.previous().map(this::outer));
    }

    /** A revision to read at; 0 is now. */
    private long readable(long revision) {
        if (revision == 0) {
            return 0;
        }
        if (revision <= offset) {
            throw new StorageException.Compacted("revision " + revision + " is of before a restore", outer(1));
        }
        return revision - offset;
    }

    /** A revision to compare with; 0 is that of a key that is not there. */
    private long comparable(long revision) {
        return revision == 0 ? 0 : revision <= offset ? NONE : revision - offset;
    }

    private Compare inner(Compare condition) {
        return switch (condition) {
            case Compare.ModRevision(String key, long revision) -> new Compare.ModRevision(key, comparable(revision));
            case Compare.CreateRevision(String key, long revision) ->
                new Compare.CreateRevision(key, comparable(revision));
            case Compare.Version version -> version;
        };
    }

    private <T> T call(long expected, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (StorageException.KeyExists e) {
            throw new StorageException.KeyExists(outer(e.current()));
        } catch (StorageException.RevisionConflict e) {
            throw new StorageException.RevisionConflict(outer(e.current()), expected);
        } catch (StorageException.KeyNotFound e) {
            throw new StorageException.KeyNotFound(e.key(), outer(e.revision()));
        } catch (StorageException.Compacted e) {
            throw new StorageException.Compacted(
                    String.valueOf(e.getMessage()), e.compactRevision() == 0 ? 0 : outer(e.compactRevision()));
        }
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return store().get(key).map(this::outer);
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) {
        return call(0, () -> store().get(key, readable(revision)).map(this::outer));
    }

    @Override
    public RangeResult range(String start, String endExclusive, long revision, int limit) {
        RangeResult inner = call(0, () -> store().range(start, endExclusive, readable(revision), limit));
        return new RangeResult(
                inner.keyValues().stream().map(this::outer).toList(),
                outer(inner.revision()),
                inner.more(),
                inner.count());
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        return outer(call(0, () -> store().create(key, value, leaseId)));
    }

    @Override
    public long update(String key, byte[] value, long expectedModRevision, long leaseId) {
        return outer(
                call(expectedModRevision, () -> store().update(key, value, comparable(expectedModRevision), leaseId)));
    }

    @Override
    public Deleted delete(String key, long expectedModRevision) {
        Deleted inner = call(expectedModRevision, () -> store().delete(key, comparable(expectedModRevision)));
        return new Deleted(outer(inner.previous()), outer(inner.revision()));
    }

    @Override
    public TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
        TxnResult inner = store().txn(conditions.stream().map(this::inner).toList(), then, otherwise);
        return new TxnResult(
                inner.succeeded(),
                outer(inner.revision()),
                inner.results().stream()
                        .map(read -> read.stream().map(this::outer).toList())
                        .toList());
    }

    @Override
    public long linearizableRevision() {
        return outer(store().linearizableRevision());
    }

    @Override
    public void compact(long revision) {
        if (revision > offset) {
            call(0, () -> {
                store().compact(revision - offset);
                return revision;
            });
        }
    }

    @Override
    public Watch watch(
            String start, String endExclusive, long fromRevision, boolean withPrevious, WatchListener listener) {
        if (fromRevision <= offset) {
            // As with a store that has it compacted: told of, and over.
            Thread.ofVirtual().name("etcd-watch-compacted").start(() -> listener.onCompacted(outer(1)));
            return () -> {};
        }
        return store().watch(start, endExclusive, fromRevision - offset, withPrevious, new WatchListener() {
            @Override
            public void onEvents(List<WatchEvent> events, long upToRevision) {
                listener.onEvents(events.stream().map(OffsetStore.this::outer).toList(), outer(upToRevision));
            }

            @Override
            public void onCompacted(long compactRevision) {
                listener.onCompacted(outer(compactRevision));
            }
        });
    }
}
