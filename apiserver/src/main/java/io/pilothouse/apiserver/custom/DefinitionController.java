package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.kinds.apiextensions.DefinitionConditions;
import io.pilothouse.apiserver.kinds.apiextensions.DefinitionFindings;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings CustomResourceDefinitions to their conditions: names are given, then the resource is established; of one that is deleted
 * the objects are deleted first. Every server of a cluster does so; who is late finds that it was done. One thread, and one for each
 * definition that is being deleted.
 */
public final class DefinitionController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionController.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ObjectCache cache;
    private final ResourceDefinition definitions;
    private final DefinitionStatus status;
    private final InstanceCleanup cleanup;
    private final QueueMetrics.Queue queue;
    private final Set<String> dirtyGroups = new HashSet<>();
    private volatile boolean closed;
    private volatile ObjectCache.@Nullable Subscriber subscription;

    private DefinitionController(
            ObjectCache cache,
            Registry registry,
            DynamicResources resources,
            ResourceDefinition definitions,
            QueueMetrics queues,
            Clock clock) {
        this.cache = cache;
        this.definitions = definitions;
        this.status = new DefinitionStatus(registry, definitions, clock);
        this.cleanup = new InstanceCleanup(cache, registry, resources, status, queues.of("crd_finalizer"));
        this.queue = queues.of("crd_naming_condition_controller");
    }

    /**
     * Begins.
     *
     * @param definitions the resource of CustomResourceDefinitions
     * @param queues where the groups of definitions that are looked at are counted
     */
    public static DefinitionController start(
            ObjectCache cache,
            Registry registry,
            DynamicResources resources,
            ResourceDefinition definitions,
            QueueMetrics queues,
            Clock clock) {
        var controller = new DefinitionController(cache, registry, resources, definitions, queues, clock);
        Thread.ofVirtual().name("definition-controller").start(controller::run);
        return controller;
    }

    private void run() {
        while (!closed) {
            var snapshot = cache.current();
            try (var changes = cache.subscribe(definitions.storagePrefix(), snapshot.revision())) {
                subscription = changes;
                snapshot.forEach(definitions.storagePrefix(), this::note);
                reconcile();
                while (!closed && !changes.ended()) {
                    var change = changes.next(PATIENCE);
                    if (change != null) {
                        note(change.before());
                        note(change.after());
                        reconcile();
                    } else if (Thread.currentThread().isInterrupted()) {
                        return;
                    } else {
                        reconcile();
                    }
                }
            } catch (StatusException e) {
                LOG.atWarn()
                        .setCause(e)
                        .log("changes of custom resource definitions cannot be followed; beginning anew");
            }
        }
    }

    private void note(@Nullable StoredObject stored) {
        if (stored != null) {
            int dot = stored.name().indexOf('.');
            String group = stored.name().substring(dot + 1);
            dirtyGroups.add(group);
            queue.add(group);
        }
    }

    /** Looks at the definitions of the groups that are noted. They stay so until all went well. */
    private void reconcile() {
        var groups = Set.copyOf(dirtyGroups);
        if (groups.isEmpty()) {
            return;
        }
        groups.forEach(queue::begin);
        try {
            var all = new ArrayList<ObjectNode>();
            cache.consistent().forEach(definitions.storagePrefix(), stored -> {
                if (groups.stream().anyMatch(g -> stored.name().endsWith("." + g))) {
                    all.add(stored.open(definitions));
                }
            });
            boolean well = true;
            for (var definition : all) {
                well &= settledWell(definition, all);
            }
            if (well) {
                dirtyGroups.clear();
            } else {
                queue.retry();
            }
        } catch (StatusException | StorageException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("custom resource definitions could not be brought to their conditions; trying again");
            queue.retry();
        } finally {
            groups.forEach(queue::end);
        }
    }

    /** One definition that cannot be settled does not keep the others waiting. */
    private boolean settledWell(ObjectNode definition, List<ObjectNode> all) {
        try {
            settle(definition, all);
            return true;
        } catch (StatusException | StorageException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("name", ObjectMeta.name(definition))
                    .log("a custom resource definition cannot be settled");
            return false;
        }
    }

    private void settle(ObjectNode definition, List<ObjectNode> all) {
        if (ObjectMeta.isTerminating(definition)) {
            if (ObjectMeta.finalizers(definition).contains(DefinitionConditions.CLEANUP_FINALIZER)) {
                cleanup.begin(definition);
            }
            return;
        }
        var now = status.clock().instant();
        if (!NameReservation.isSettled(definition)) {
            if (NameReservation.settle(definition.deepCopy(), all, now)) {
                status.write(definition, live -> {
                    boolean changed = NameReservation.settle(live, all, now);
                    if (changed) {
                        // Later ones in this round see what this one took.
                        definition.set("status", live.path("status"));
                    }
                    return changed;
                });
            }
            return;
        }
        if (DefinitionFindings.note(definition.deepCopy(), now)) {
            status.write(definition, live -> DefinitionFindings.note(live, now));
            return;
        }
        if (DefinitionConditions.isTrue(definition, DefinitionConditions.NAMES_ACCEPTED)
                && !DefinitionConditions.isTrue(definition, DefinitionConditions.ESTABLISHED)) {
            status.write(
                    definition,
                    live -> DefinitionConditions.set(
                            live,
                            DefinitionConditions.ESTABLISHED,
                            "True",
                            "InitialNamesAccepted",
                            "the initial names have been accepted",
                            now));
        }
    }

    @Override
    public void close() {
        closed = true;
        cleanup.close();
        var open = subscription;
        if (open != null) {
            open.close();
        }
    }
}
