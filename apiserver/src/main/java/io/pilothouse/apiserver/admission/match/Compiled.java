package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is made of all objects of a cluster-scoped resource, sorted by name, made anew for those that changed. Where there are none, asking
 * costs one look into the cache. Safe for use by many threads.
 */
public final class Compiled<T> {
    private final ObjectCache cache;
    private final ResourceDefinition definition;
    private final Function<ObjectNode, T> compiler;
    private volatile List<Entry<T>> known = List.of();

    private record Entry<T>(StoredObject source, T made) {}

    public Compiled(
            ObjectCache cache, ResourceIndex resources, GroupResource resource, Function<ObjectNode, T> compiler) {
        this.cache = cache;
        this.definition = resources.find(resource).orElseThrow();
        this.compiler = compiler;
    }

    public List<T> all() {
        List<StoredObject> present = new ArrayList<>();
        cache.current().forEach(definition.storagePrefix(), present::add);
        if (present.isEmpty()) {
            return List.of();
        }
        var before = known;
        if (!same(before, present)) {
            before = compile(before, present);
            known = before;
        }
        return before.stream().map(Entry::made).toList();
    }

    private static <T> boolean same(List<Entry<T>> entries, List<StoredObject> present) {
        if (entries.size() != present.size()) {
            return false;
        }
        for (int i = 0; i < entries.size(); i++) {
            if (!isSame(entries.get(i).source(), present.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(StoredObject a, StoredObject b) {
        return a.revision() == b.revision() && a.uid().equals(b.uid());
    }

    private List<Entry<T>> compile(List<Entry<T>> before, List<StoredObject> present) {
        List<Entry<T>> out = new ArrayList<>(present.size());
        for (var object : present) {
            out.add(before.stream()
                    .filter(e -> isSame(e.source(), object))
                    .findFirst()
                    .orElseGet(() -> new Entry<>(object, compiler.apply(object.open(definition)))));
        }
        return List.copyOf(out);
    }
}
