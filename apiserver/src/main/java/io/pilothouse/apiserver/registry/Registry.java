package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.EmptyLists;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.StorageException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates, changes and removes stored objects, and shows those that are there. A call returns after etcd has committed. Safe for use by many
 * threads; trees given to it are its own afterwards.
 */
public final class Registry extends CacheView {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final int UPDATE_ATTEMPTS = 20;
    private static final int GENERATE_ATTEMPTS = 8;

    private final EtcdStore etcd;
    private final ObjectCache cache;
    private final ObjectCodec codec;
    private final WriteRules rules;
    private final ResourceIndex resources;
    private final Map<GroupResource, Reserver> reservers;
    private final Map<TypeSchema, EmptyLists> emptyLists = new ConcurrentHashMap<>();
    private final ToLongFunction<ResourceDefinition> ttlSeconds;

    /**
     * @param reservers of the kinds that hold something unique
     * @param ttlSeconds after which an object of a resource is gone by itself; 0 for never
     */
    public Registry(
            EtcdStore etcd,
            ObjectCache cache,
            ObjectCodec codec,
            WriteRules rules,
            ResourceIndex resources,
            Map<GroupResource, Reserver> reservers,
            ToLongFunction<ResourceDefinition> ttlSeconds) {
        super(resources, cache);
        this.ttlSeconds = ttlSeconds;
        this.reservers = Map.copyOf(reservers);
        this.etcd = etcd;
        this.cache = cache;
        this.codec = codec;
        this.rules = rules;
        this.resources = resources;
    }

    /**
     * Makes the new state of an object of its present one.
     *
     * <p>May be called several times, each with a fresh copy of the live object of the time.
     */
    @FunctionalInterface
    public interface Change {
        ObjectNode apply(ObjectNode live);
    }

    /** What a write came to: the object as it now stands, and whether it was made by it. */
    public record Written(StoredObject object, boolean created) {}

    /** What a deletion came to: the object as it last stood, and whether it is gone. */
    public record Deleted(StoredObject object, boolean gone) {}

    /**
     * Stores a new object.
     *
     * @param object in the storage version, with defaults
     * @param admitted called with the object as it would be stored; throws to refuse
     */
    public Written create(
            ResourceDefinition definition, ObjectNode object, WriteContext context, Consumer<ObjectNode> admitted) {
        boolean generated = ObjectMeta.name(object).isEmpty()
                && !ObjectMeta.generateName(object).isEmpty();
        for (int attempt = 1; ; attempt++) {
            var fresh = attempt == 1 && !generated ? object : object.deepCopy();
            try {
                return createOnce(definition, fresh, context, admitted);
            } catch (StorageException.KeyExists e) {
                if (generated && attempt < GENERATE_ATTEMPTS) {
                    continue;
                }
                throw existsAlready(definition, fresh, generated);
            }
        }
    }

    private Written createOnce(
            ResourceDefinition definition, ObjectNode object, WriteContext context, Consumer<ObjectNode> admitted) {
        clearEmptyLists(definition, object);
        rules.nameIfGenerated(object);
        var reservation = reserver(definition).reserve(object, null, context);
        boolean committed = false;
        try {
            rules.beforeCreate(definition, object, context);
            admitted.accept(object);
            var key = definition.key(ObjectMeta.namespace(object), ObjectMeta.name(object));
            if (context.dryRun()) {
                if (cache.consistent().get(key).isPresent()) {
                    throw existsAlready(definition, object, false);
                }
                return new Written(
                        StoredObject.uncommitted(definition.cachedForm().seal(object), definition), true);
            }
            var stored = commit(definition, key, object, bytes -> etcd.create(key, bytes, lease(definition)));
            committed = true;
            reservation.commit();
            return new Written(stored, true);
        } finally {
            if (!committed) {
                reservation.cancel();
            }
        }
    }

    /** Who sent an empty list owns it; once stored there is none. */
    private void clearEmptyLists(ResourceDefinition definition, ObjectNode object) {
        if (definition.encoding() == ResourceDefinition.Encoding.PROTOBUF) {
            emptyLists
                    .computeIfAbsent(definition.storageVersion().schema(), EmptyLists::of)
                    .clear(object);
        }
    }

    private StatusException existsAlready(ResourceDefinition definition, ObjectNode object, boolean generated) {
        if (generated) {
            return StatusException.generateNameConflict(definition.groupResource(), ObjectMeta.name(object), 1);
        }
        var present = cache.current().get(definition.key(ObjectMeta.namespace(object), ObjectMeta.name(object)));
        if (present.isPresent() && ObjectMeta.isTerminating(present.get().toNode(definition.kind()))) {
            return Refusals.existsTerminating(definition.groupResource(), ObjectMeta.name(object));
        }
        return StatusException.alreadyExists(definition.groupResource(), ObjectMeta.name(object));
    }

    /**
     * Changes an object.
     *
     * @param strategy the resource's own, or that of the view that is written through
     * @param change throws StatusException to refuse; its verdict on a stale state is asked for again on a fresh one
     * @param admitted called with the new object and the old one; throws to refuse
     */
    public Written update(
            ResourceDefinition definition,
            Strategy strategy,
            String name,
            Change change,
            WriteContext context,
            BiConsumer<ObjectNode, ObjectNode> admitted) {
        var key = definition.key(context.namespace(), name);
        var live = cache.current().get(key);
        boolean fresh = false;
        for (int attempt = 1; attempt <= UPDATE_ATTEMPTS; attempt++) {
            if (live.isEmpty() && !fresh) {
                live = cache.consistent().get(key);
                fresh = true;
            }
            if (live.isEmpty()) {
                throw StatusException.notFound(definition.groupResource(), name);
            }
            try {
                var written = updateOnce(definition, strategy, key, live.get(), change, context, admitted);
                if (fresh || written.object() != live.get()) {
                    return written;
                }
                // No change to what the cache has: that is nothing done only if etcd still has the same.
                live = cache.consistent().get(key);
                if (live.isPresent()
                        && live.get().revision() == written.object().revision()) {
                    return written;
                }
                fresh = true;
            } catch (StatusException refused) {
                if (fresh) {
                    throw refused;
                }
                var current = cache.consistent().get(key);
                if (current.isPresent()
                        && current.get().revision() == live.get().revision()) {
                    throw refused;
                }
                live = current;
                fresh = true;
            } catch (StorageException.RevisionConflict lost) {
                live = Optional.of(codec.decode(lost.current()));
                fresh = true;
            } catch (StorageException.KeyNotFound gone) {
                live = Optional.empty();
                fresh = true;
            }
        }
        throw StatusException.conflict(
                definition.groupResource(), name, "it is being changed by too many at once; please try again");
    }

    private Written updateOnce(
            ResourceDefinition definition,
            Strategy strategy,
            String key,
            StoredObject live,
            Change change,
            WriteContext context,
            BiConsumer<ObjectNode, ObjectNode> admitted) {
        var old = live.open(definition);
        var object = change.apply(old.deepCopy());
        clearEmptyLists(definition, object);
        Preconditions.requireRevision(definition, object, live);
        // A view changes nothing that could be reserved.
        var reservation = strategy instanceof ViewStrategy
                ? Reserver.Reservation.NOTHING
                : reserver(definition).reserve(object, old, context);
        boolean committed = false;
        try {
            rules.beforeUpdate(definition, strategy, object, old, context);
            admitted.accept(object, old);
            if (definition.deletion().endsWithUpdate(object, old)) {
                return removeAfterUpdate(definition, key, live, object, context);
            }
            ObjectMeta.setResourceVersion(object, Long.toString(live.revision()));
            if (ManagedFields.equalIgnoringTimes(object, old)
                    && changesNothing(definition, old, live)
                    && (context.dryRun() || !etcd.isStale(key))) {
                return new Written(live, false);
            }
            if (context.dryRun()) {
                return new Written(
                        StoredObject.of(definition.cachedForm().seal(object), live.revision(), Optional.of(definition)),
                        false);
            }
            var stored = commit(
                    definition, key, object, bytes -> etcd.update(key, bytes, live.revision(), lease(definition)));
            committed = true;
            reservation.commit();
            return new Written(stored, false);
        } finally {
            if (!committed) {
                reservation.cancel();
            }
        }
    }

    /** An update to what is stored is none; one that would be stored in another version is one. */
    private static boolean changesNothing(ResourceDefinition definition, ObjectNode old, StoredObject live) {
        var form = definition.cachedForm();
        return form.asHandled() || form.seal(old.deepCopy()).equals(live.toNode(definition.kind()));
    }

    private Written removeAfterUpdate(
            ResourceDefinition definition, String key, StoredObject live, ObjectNode object, WriteContext context) {
        if (!context.dryRun()) {
            etcd.delete(key, live.revision());
            finish(definition, object, context);
        }
        return new Written(
                StoredObject.of(definition.cachedForm().seal(object), live.revision(), Optional.of(definition)), false);
    }

    /** Gives back what an object held that is gone, and deletes what goes with it. */
    private void finish(ResourceDefinition definition, ObjectNode object, WriteContext context) {
        var reserver = reserver(definition);
        reserver.release(object);
        for (var companion : reserver.companions()) {
            resources.find(companion).ifPresent(other -> {
                try {
                    delete(other, ObjectMeta.name(object), DeleteOptions.DEFAULT, context, gone -> {});
                } catch (StatusException failed) {
                    if (failed.code() != 404) {
                        LOG.atWarn()
                                .addKeyValue("resource", companion)
                                .addKeyValue("name", ObjectMeta.name(object))
                                .addKeyValue("reason", failed.getMessage())
                                .log("what goes with a deleted object stays");
                    }
                }
            });
        }
    }

    private Reserver reserver(ResourceDefinition definition) {
        return reservers.getOrDefault(definition.groupResource(), Reserver.NONE);
    }

    /** Deletes an object, or marks it for those who must finish first. */
    public Deleted delete(
            ResourceDefinition definition,
            String name,
            DeleteOptions options,
            WriteContext context,
            Consumer<ObjectNode> admitted) {
        var key = definition.key(context.namespace(), name);
        var live = cache.consistent().get(key);
        for (int attempt = 1; attempt <= UPDATE_ATTEMPTS; attempt++) {
            if (live.isEmpty()) {
                throw StatusException.notFound(definition.groupResource(), name);
            }
            try {
                return deleteOnce(definition, key, live.get(), options, context, admitted);
            } catch (StorageException.RevisionConflict lost) {
                live = Optional.of(codec.decode(lost.current()));
            } catch (StorageException.KeyNotFound gone) {
                live = Optional.empty();
            }
        }
        throw StatusException.conflict(
                definition.groupResource(), name, "it is being changed by too many at once; please try again");
    }

    private Deleted deleteOnce(
            ResourceDefinition definition,
            String key,
            StoredObject live,
            DeleteOptions options,
            WriteContext context,
            Consumer<ObjectNode> admitted) {
        Preconditions.requireDeletable(definition, live.name(), live.uid(), Long.toString(live.revision()), options);
        var object = live.open(definition);
        admitted.accept(object.deepCopy());
        var outcome = definition.deletion().apply(definition, object, options, context);
        return switch (outcome) {
            case UNCHANGED -> new Deleted(live, false);
            case MARKED -> {
                if (context.dryRun()) {
                    yield new Deleted(
                            StoredObject.of(
                                    definition.cachedForm().seal(object), live.revision(), Optional.of(definition)),
                            false);
                }
                yield new Deleted(
                        commit(
                                definition,
                                key,
                                object,
                                bytes -> etcd.update(key, bytes, live.revision(), lease(definition))),
                        false);
            }
            case MARK_AND_REMOVE -> markAndRemove(definition, key, live, object, context);
            case REMOVE -> {
                if (!context.dryRun()) {
                    etcd.delete(key, live.revision());
                    finish(definition, object, context);
                }
                yield new Deleted(live, true);
            }
        };
    }

    /** Watchers see the end announced before they see it. */
    private Deleted markAndRemove(
            ResourceDefinition definition, String key, StoredObject live, ObjectNode object, WriteContext context) {
        if (context.dryRun()) {
            return new Deleted(
                    StoredObject.of(definition.cachedForm().seal(object), live.revision(), Optional.of(definition)),
                    true);
        }
        var marked =
                commit(definition, key, object, bytes -> etcd.update(key, bytes, live.revision(), lease(definition)));
        try {
            etcd.delete(key, marked.revision());
            reserver(definition).release(object);
        } catch (StorageException.KeyNotFound byOthers) {
            // Whoever saw the mark was quicker; the object is gone all the same.
        }
        return new Deleted(marked, true);
    }

    /** Writes an object and hands its rendered form to the cache: what we wrote is not parsed again when it comes back. */
    private StoredObject commit(
            ResourceDefinition definition, String key, ObjectNode object, ToLongFunction<byte[]> write) {
        return commitSealed(definition, key, definition.cachedForm().seal(object), write);
    }

    private StoredObject commitSealed(
            ResourceDefinition definition, String key, ObjectNode sealed, ToLongFunction<byte[]> write) {
        byte[] bytes = codec.encode(definition, sealed);
        try (var handover = cache.prepare(key)) {
            long revision = write.applyAsLong(bytes);
            var stored = StoredObject.of(sealed, revision, Optional.of(definition));
            handover.committed(revision, stored);
            return stored;
        } catch (StorageException.TooLarge e) {
            if (!isTrackedByUpdatesAlone(sealed)) {
                throw e;
            }
        }
        // Who wrote what is worth less than what was written. What was applied is kept track of, or is not written.
        ObjectMeta.of(sealed).remove("managedFields");
        return commitSealed(definition, key, sealed, write);
    }

    private static boolean isTrackedByUpdatesAlone(ObjectNode object) {
        var managers = ObjectMeta.of(object).path("managedFields");
        for (var entry : managers) {
            if (entry.path("operation").asText("").equals("Apply")) {
                return false;
            }
        }
        return !managers.isEmpty();
    }

    private long lease(ResourceDefinition definition) {
        long seconds = ttlSeconds.applyAsLong(definition);
        return seconds == 0 ? 0 : etcd.sharedLease(seconds);
    }

    /** The stored form of what is read back from etcd by other means than the cache. */
    public StoredObject decode(KeyValue stored) {
        return codec.decode(stored);
    }
}
