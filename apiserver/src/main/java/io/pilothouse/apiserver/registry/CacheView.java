package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The cluster as the cache has it. Safe for use by many threads. */
class CacheView implements ClusterView {
    private static final int SHARED = 500;

    private final ResourceIndex resources;
    private final ObjectCache cache;
    /** What is looked at with nearly every write, such as namespaces. By identity: a changed object is another one. */
    private final Cache<StoredObject, ObjectNode> shared = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(SHARED)
            .executor(Runnable::run)
            .build();

    CacheView(ResourceIndex resources, ObjectCache cache) {
        this.resources = resources;
        this.cache = cache;
    }

    @Override
    public Optional<ObjectNode> find(GroupResource resource, String namespace, String name) {
        return find(cache::current, resource, namespace, name);
    }

    @Override
    public Optional<ObjectNode> look(GroupResource resource, String namespace, String name) {
        return resources
                .find(resource)
                .flatMap(definition -> cache.current()
                        .get(definition.key(namespace, name))
                        .map(object -> shared.get(object, o -> o.open(definition))));
    }

    @Override
    public List<ObjectNode> lookAll(GroupResource resource, String namespace) {
        var out = new ArrayList<ObjectNode>();
        resources
                .find(resource)
                .ifPresent(definition -> cache.current()
                        .forEach(
                                definition.namespaceKey(namespace),
                                object -> out.add(shared.get(object, o -> o.open(definition)))));
        return out;
    }

    @Override
    public Optional<ObjectNode> findNow(GroupResource resource, String namespace, String name) {
        return find(cache::consistent, resource, namespace, name);
    }

    private Optional<ObjectNode> find(
            Supplier<ObjectCache.Snapshot> state, GroupResource resource, String namespace, String name) {
        return resources
                .find(resource)
                .flatMap(definition ->
                        state.get().get(definition.key(namespace, name)).map(o -> o.open(definition)));
    }

    @Override
    public List<ObjectNode> list(GroupResource resource, String namespace) {
        return list(cache.current(), resource, namespace, (definition, object) -> true);
    }

    @Override
    public List<ObjectNode> listNow(GroupResource resource, String namespace) {
        return list(cache.consistent(), resource, namespace, (definition, object) -> true);
    }

    @Override
    public List<ObjectNode> listBy(GroupResource resource, String namespace, String field, String value) {
        return list(cache.current(), resource, namespace, having(field, value));
    }

    @Override
    public List<ObjectNode> listByNow(GroupResource resource, String namespace, String field, String value) {
        return list(cache.consistent(), resource, namespace, having(field, value));
    }

    private static BiPredicate<ResourceDefinition, StoredObject> having(String field, String value) {
        return (definition, object) -> object.field(field, definition).equals(value);
    }

    private List<ObjectNode> list(
            ObjectCache.Snapshot snapshot,
            GroupResource resource,
            String namespace,
            BiPredicate<ResourceDefinition, StoredObject> wanted) {
        var out = new ArrayList<ObjectNode>();
        resources
                .find(resource)
                .ifPresent(definition -> snapshot.forEach(definition.namespaceKey(namespace), entry -> {
                    if (wanted.test(definition, entry)) {
                        out.add(entry.open(definition));
                    }
                }));
        return out;
    }
}
