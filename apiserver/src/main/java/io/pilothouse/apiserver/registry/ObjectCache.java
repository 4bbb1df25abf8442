package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.CacheEntry;
import io.pilothouse.storage.CacheEvent;
import io.pilothouse.storage.CacheSnapshot;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.Handover;
import io.pilothouse.storage.IndexKey;
import io.pilothouse.storage.StorageException;
import io.pilothouse.storage.Subscription;
import io.pilothouse.storage.WatchCache;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watch cache in the words of the API: objects, and Status where a revision cannot be had. Safe for use by many threads. */
public final class ObjectCache {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectCache.class);
    /** How long a read waits for a revision that the cache has not reached. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final WatchCache<StoredObject> cache;
    private final PastStates past;
    private final ObjectIndexes indexes = new ObjectIndexes();

    /** @param past where states are read that the cache does not keep */
    public ObjectCache(WatchCache<StoredObject> cache, PastStates past) {
        this.cache = cache;
        this.past = past;
    }

    /** A state of all objects, or of those that were asked for. */
    public interface Snapshot {
        long revision();

        Optional<StoredObject> get(String key);

        /** Visits the objects below a prefix from a key on, in order, until the visitor says false. Unreadable ones are passed over, and logged. */
        void scan(String prefix, String start, BiPredicate<String, StoredObject> visitor);

        /** How many objects there are below a prefix; costs little where the cache holds the state. */
        default int count(String prefix) {
            return count(prefix, prefix);
        }

        /** The same from a key on. */
        default int count(String prefix, String start) {
            int[] count = new int[1];
            scan(prefix, start, (key, object) -> {
                count[0]++;
                return true;
            });
            return count[0];
        }

        /** The same state with all the objects that the options select, and perhaps others: to be scanned instead of all. */
        default Snapshot narrowed(ResourceDefinition definition, ListOptions options) {
            return this;
        }

        default void forEach(String prefix, Consumer<StoredObject> visitor) {
            scan(prefix, prefix, (key, object) -> {
                visitor.accept(object);
                return true;
            });
        }
    }

    /** A state that the cache holds. */
    private record Held(CacheSnapshot<StoredObject> snapshot, ObjectIndexes indexes) implements Snapshot {
        @Override
        public Snapshot narrowed(ResourceDefinition definition, ListOptions options) {
            return new Held(indexes.narrowed(snapshot, definition, options), indexes);
        }

        @Override
        public int count(String prefix, String start) {
            return snapshot.count(start, EtcdStore.prefixEnd(prefix));
        }

        @Override
        public long revision() {
            return snapshot.revision();
        }

        @Override
        public Optional<StoredObject> get(String key) {
            return snapshot.get(key).map(CacheEntry::value);
        }

        @Override
        public void scan(String prefix, String start, BiPredicate<String, StoredObject> visitor) {
            snapshot.visit(start, EtcdStore.prefixEnd(prefix), entry -> {
                var unreadable = entry.error();
                if (unreadable.isPresent()) {
                    warnOfUnreadable(entry.key(), unreadable.get());
                    return true;
                }
                return visitor.test(entry.key(), entry.value());
            });
        }
    }

    static void warnOfUnreadable(String key, Throwable cause) {
        LOG.atWarn().setCause(cause).addKeyValue("key", key).log("an object in etcd cannot be read");
    }

    /** One change: what was before and what is after; null for nothing. */
    public record Change(
            long revision,
            @Nullable StoredObject before,
            @Nullable StoredObject after) {}

    /** The state as the cache has it: perhaps a moment old. */
    public Snapshot current() {
        return held(cache.snapshot());
    }

    /** A state that has everything that was acknowledged before the call. */
    public Snapshot consistent() {
        try {
            return held(cache.readConsistent(PATIENCE));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** A state that is not older than a revision. @throws StatusException 504 if it is not reached in time */
    public Snapshot notOlderThan(long revision) {
        try {
            return held(cache.awaitRevision(revision, PATIENCE));
        } catch (StorageException.Timeout e) {
            throw tooLarge(revision, cache.currentRevision());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * The state below a prefix at a revision.
     *
     * @throws StatusException 410 if it is not kept any more, 504 if it is not reached in time
     */
    public Snapshot at(long revision, String prefix) {
        notOlderThan(revision);
        return cache.snapshotAt(revision).map(this::held).orElseGet(() -> past.at(revision, prefix));
    }

    private Snapshot held(CacheSnapshot<StoredObject> snapshot) {
        return new Held(snapshot, indexes);
    }

    private static StatusException tooLarge(long wanted, long current) {
        return new StatusException(Status.failure(
                504,
                "Timeout",
                "Timeout: Too large resource version: " + wanted + ", current: " + current,
                new Status.Details(
                        "",
                        "",
                        "",
                        "",
                        List.of(new Status.Cause("ResourceVersionTooLarge", "Too large resource version", "")),
                        1)));
    }

    private static StatusException interrupted() {
        Thread.currentThread().interrupt();
        return StatusException.serviceUnavailable("the server is shutting down");
    }

    /** See {@link WatchCache#afterDispatch}. */
    public void afterDispatch(Runnable action) {
        cache.afterDispatch(action);
    }

    /** Announces a write; see {@link Handover}. */
    Handover<StoredObject> prepare(String key) {
        return cache.prepare(key);
    }

    /** Changes below a prefix, or of one key, after a revision. @throws StatusException 410 if that revision is too old */
    public Subscriber subscribe(String keyOrPrefix, long fromRevision) {
        return open(fromRevision, () -> cache.watch(keyOrPrefix, fromRevision));
    }

    /**
     * The same, of objects only that have or had a value of a field.
     *
     * @param field of those that the cache has ready of each object
     */
    public Subscriber subscribe(String prefix, long fromRevision, String field, String value) {
        var index = new IndexKey<StoredObject>(field, object -> object.field(field), value);
        return open(fromRevision, () -> cache.watch(prefix, fromRevision, index));
    }

    private static Subscriber open(long fromRevision, Supplier<Subscription<StoredObject>> watch) {
        try {
            return new Subscriber(watch.get());
        } catch (StorageException.Compacted e) {
            throw StatusException.resourceExpired(
                    "too old resource version: " + fromRevision + " (" + e.compactRevision() + ")");
        }
    }

    /** Changes as they come, for one reader; {@link #close} from any thread. */
    public static final class Subscriber implements AutoCloseable {
        private final Subscription<StoredObject> subscription;
        private final ArrayDeque<CacheEvent<StoredObject>> batch = new ArrayDeque<>();

        private Subscriber(Subscription<StoredObject> subscription) {
            this.subscription = subscription;
        }

        /** The next change; null when none came in time or none will. */
        public @Nullable Change next(Duration patience) {
            if (batch.isEmpty()) {
                try {
                    batch.addAll(subscription.take(patience));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return null;
                }
            }
            var event = batch.poll();
            return event == null ? null : change(event);
        }

        /** From now on the listener is told of changes, and {@link #poll} is asked for them instead of {@link #next}. */
        void listen(Subscription.Listener listener) {
            subscription.listen(listener);
        }

        /** Hands over the next changes, at most so many, without what cannot be read; false when there is nothing now. Does not wait. */
        boolean poll(int most, Consumer<Change> sink) {
            var events = subscription.poll(most);
            for (var event : events) {
                var change = change(event);
                if (change != null) {
                    sink.accept(change);
                }
            }
            return !events.isEmpty();
        }

        /** Lets the listener be told again; false when there is something to poll, or nothing more will come. */
        boolean rearm() {
            return subscription.rearm();
        }

        private static @Nullable Change change(CacheEvent<StoredObject> event) {
            try {
                var now = event.entry().value();
                return switch (event.type()) {
                    case CREATED -> new Change(event.revision(), null, now);
                    case UPDATED ->
                        new Change(
                                event.revision(),
                                event.previous().map(CacheEntry::value).orElse(null),
                                now);
                    case DELETED -> new Change(event.revision(), now, null);
                };
            } catch (RuntimeException unreadable) {
                LOG.atWarn()
                        .setCause(unreadable)
                        .addKeyValue("key", event.key())
                        .log("a change in etcd cannot be read");
                return null;
            }
        }

        public boolean ended() {
            return batch.isEmpty() && subscription.ended().isPresent();
        }

        /** What the client is told at the end; null where there is nothing to tell. */
        public @Nullable Status failure() {
            return subscription
                    .ended()
                    .filter(end -> end == Subscription.End.RESET)
                    .map(end -> StatusException.resourceExpired(
                                    "the server lost its place in the history of changes: list again")
                            .status())
                    .orElse(null);
        }

        /** All changes up to this revision have been taken. */
        public long reached() {
            return batch.isEmpty() ? subscription.progress() : batch.element().revision() - 1;
        }

        @Override
        public void close() {
            subscription.close();
        }
    }
}
