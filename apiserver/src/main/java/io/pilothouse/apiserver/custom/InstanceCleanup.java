package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.kinds.apiextensions.DefinitionConditions;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the objects of definitions that are being deleted, waits for those that finalizers hold, then lets the definitions go. */
final class InstanceCleanup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceCleanup.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration SILENCE = Duration.ofMillis(20);

    private final ObjectCache cache;
    private final Registry registry;
    private final DynamicResources resources;
    private final DefinitionStatus status;
    private final QueueMetrics.Queue queue;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    InstanceCleanup(
            ObjectCache cache,
            Registry registry,
            DynamicResources resources,
            DefinitionStatus status,
            QueueMetrics.Queue queue) {
        this.cache = cache;
        this.registry = registry;
        this.resources = resources;
        this.status = status;
        this.queue = queue;
    }

    /** Sees to a definition, unless that is being done. */
    void begin(ObjectNode definition) {
        String uid = ObjectMeta.uid(definition);
        if (running.add(uid)) {
            queue.begin(uid);
            Thread.ofVirtual().name("cleanup-" + ObjectMeta.name(definition)).start(() -> {
                try {
                    run(ObjectMeta.name(definition), uid);
                } finally {
                    queue.end(uid);
                    running.remove(uid);
                }
            });
        }
    }

    private void run(String name, String uid) {
        while (!closed) {
            try {
                var definition = read(name, uid);
                if (definition.isEmpty() || step(definition.get())) {
                    return;
                }
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("name", name)
                        .log("custom objects could not be deleted; trying again");
                queue.retry();
                if (pause(PATIENCE)) {
                    return;
                }
            }
        }
    }

    private Optional<ObjectNode> read(String name, String uid) {
        return registry.findNow(new GroupResource("apiextensions.k8s.io", "customresourcedefinitions"), "", name)
                .filter(d -> ObjectMeta.uid(d).equals(uid)
                        && ObjectMeta.isTerminating(d)
                        && ObjectMeta.finalizers(d).contains(DefinitionConditions.CLEANUP_FINALIZER));
    }

    /** Deletes what there is, or lets the definition go where nothing is left; answers whether to give up. */
    private boolean step(ObjectNode definition) {
        if (!DynamicResources.isServed(definition)) {
            release(definition, "NeverEstablished", "resource was never established");
            return false;
        }
        var names = definition.path("status").path("acceptedNames");
        var resource = resources.stored(new GroupResource(
                definition.path("spec").path("group").asText(),
                names.path("plural").asText()));
        if (resource.isEmpty()) {
            return pause(PATIENCE);
        }
        var before = cache.consistent();
        var left = objects(resource.get(), before);
        if (left.isEmpty()) {
            release(definition, "InstanceDeletionCompleted", "removed all instances");
            return false;
        }
        status.write(
                definition,
                live -> DefinitionConditions.set(
                        live,
                        DefinitionConditions.TERMINATING,
                        "True",
                        "InstanceDeletionInProgress",
                        "CustomResource deletion is in progress",
                        status.clock().instant()));
        left.forEach(object -> delete(resource.get(), object));
        awaitChange(resource.get(), before.revision());
        return false;
    }

    private static List<StoredObject> objects(ResourceDefinition resource, ObjectCache.Snapshot snapshot) {
        var out = new ArrayList<StoredObject>();
        snapshot.forEach(resource.storagePrefix(), out::add);
        return out;
    }

    private void delete(ResourceDefinition resource, StoredObject object) {
        try {
            registry.delete(
                    resource, object.name(), DeleteOptions.DEFAULT, status.context(object.namespace()), old -> {});
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private void awaitChange(ResourceDefinition resource, long revision) {
        try (var changes = cache.subscribe(resource.storagePrefix(), revision)) {
            var change = changes.next(PATIENCE);
            // Our own deletions come in a row: look again when they have all been seen.
            while (change != null && !closed) {
                change = changes.next(SILENCE);
            }
        }
    }

    private boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void release(ObjectNode definition, String reason, String message) {
        status.write(definition, live -> {
            DefinitionConditions.set(
                    live,
                    DefinitionConditions.TERMINATING,
                    "False",
                    reason,
                    message,
                    status.clock().instant());
            var finalizers = new ArrayList<>(ObjectMeta.finalizers(live));
            finalizers.remove(DefinitionConditions.CLEANUP_FINALIZER);
            ObjectMeta.setFinalizers(live, finalizers);
            return true;
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
