package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.kinds.apiextensions.DefinitionConditions;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in resources and the custom resources of the moment. What the cache says of CustomResourceDefinitions is followed
 * by one thread, whoever wrote them; readers see one immutable catalogue after another. A definition whose spec did not change
 * keeps its identity, so that what was made for it (managers of fields, rendered bytes, watches) stays good.
 */
public final class DynamicResources implements ResourceIndex, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicResources.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** What a served resource depends on: another one of these is another resource. */
    private record Identity(String uid, JsonNode spec, JsonNode acceptedNames) {}

    private final Catalog builtIn;
    private final ResourceDefinition definitions;
    private final BuiltInTypes types;
    private final Map<Identity, CustomResource> served = new HashMap<>();
    private volatile Catalog current;
    private volatile Map<GroupResource, ResourceDefinition> stored = Map.of();
    private volatile @Nullable ClusterView cluster;
    private volatile @Nullable ClientMetrics clients;
    private volatile boolean closed;
    private volatile ObjectCache.@Nullable Subscriber subscription;

    public DynamicResources(Catalog builtIn, ResourceDefinition definitions, BuiltInTypes types) {
        this.builtIn = builtIn;
        this.definitions = definitions;
        this.types = types;
        this.current = builtIn;
    }

    /**
     * Takes over what the cache has, then follows it. The cache must be filled.
     *
     * @param services where webhooks that convert are found
     * @param metrics where calls of them are counted
     */
    public void follow(ObjectCache cache, ClusterView services, ClientMetrics metrics) {
        clients = metrics;
        cluster = services;
        rebuild(cache.current());
        Thread.ofVirtual().name("custom-resources").start(() -> run(cache));
    }

    private void run(ObjectCache cache) {
        while (!closed) {
            try (var changes = cache.subscribe(definitions.storagePrefix(), rebuild(cache.current()))) {
                subscription = changes;
                while (!closed && !changes.ended()) {
                    if (changes.next(PATIENCE) != null) {
                        rebuild(cache.current());
                    } else if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
            } catch (RuntimeException e) {
                // Whatever it is, it must not end the following: what was served before still is, and all is looked at
                // again.
                LOG.atError().setCause(e).log("custom resource definitions cannot be followed; beginning anew");
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private long rebuild(ObjectCache.Snapshot snapshot) {
        var wanted = new HashMap<Identity, CustomResource>();
        var all = new ArrayList<ResourceDefinition>();
        snapshot.forEach(definitions.storagePrefix(), entry -> {
            var definition = entry.open(definitions);
            if (isServed(definition)) {
                var identity = new Identity(
                        ObjectMeta.uid(definition),
                        definition.path("spec"),
                        definition.path("status").path("acceptedNames"));
                resource(identity, definition).ifPresent(resource -> {
                    resource.terminating(DefinitionConditions.isTrue(definition, DefinitionConditions.TERMINATING));
                    wanted.put(identity, resource);
                    all.addAll(resource.definitions());
                });
            }
        });
        var reachable = new HashMap<GroupResource, ResourceDefinition>();
        wanted.values().forEach(resource -> reachable.put(resource.stored().groupResource(), resource.stored()));
        stored = Map.copyOf(reachable);
        current = builtIn.with(all);
        served.forEach((identity, resource) -> {
            if (!wanted.containsKey(identity)) {
                resource.end();
            }
        });
        served.clear();
        served.putAll(wanted);
        return snapshot.revision();
    }

    /** Upstream serves from the moment that the names are accepted; clients wait until it says Established. */
    static boolean isServed(ObjectNode definition) {
        return DefinitionConditions.isTrue(definition, DefinitionConditions.NAMES_ACCEPTED)
                || DefinitionConditions.isTrue(definition, DefinitionConditions.ESTABLISHED);
    }

    private Optional<CustomResource> resource(Identity identity, ObjectNode definition) {
        var present = served.get(identity);
        if (present != null) {
            return Optional.of(present);
        }
        try {
            return Optional.of(new CustomResource(
                    DefinitionSpec.of(definition),
                    types,
                    Objects.requireNonNull(cluster),
                    Objects.requireNonNull(clients)));
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("name", ObjectMeta.name(definition))
                    .log("a custom resource cannot be served");
            return Optional.empty();
        }
    }

    @Override
    public Collection<ResourceDefinition> definitions() {
        return current.definitions();
    }

    @Override
    public Optional<ResourceDefinition> find(GroupResource resource) {
        return current.find(resource);
    }

    @Override
    public Optional<ResourceDefinition> find(GroupVersion version, String plural) {
        return current.find(version, plural);
    }

    @Override
    public Map<GroupVersion, Map<String, ResourceDefinition>> versions() {
        return current.versions();
    }

    @Override
    public Optional<ResourceDefinition> ownerOf(String key) {
        return current.ownerOf(key);
    }

    /** The definition by which all objects of a custom resource can be reached, also where no version is served. */
    Optional<ResourceDefinition> stored(GroupResource resource) {
        return Optional.ofNullable(stored.get(resource));
    }

    @Override
    public void close() {
        closed = true;
        var open = subscription;
        if (open != null) {
            open.close();
        }
    }
}
