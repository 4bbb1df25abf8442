package io.pilothouse.controllers.garbage;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All objects and who owns whom, by uid. Safe for use by many threads. */
final class OwnerGraph {
    private final Map<String, Vertex> vertices = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    synchronized void put(Vertex vertex) {
        remove(vertex.uid());
        vertices.put(vertex.uid(), vertex);
        vertex.owners()
                .forEach(owner -> dependents
                        .computeIfAbsent(owner.getUid(), ignored -> new LinkedHashSet<>())
                        .add(vertex.uid()));
    }

    synchronized void remove(String uid) {
        Vertex gone = vertices.remove(uid);
        if (gone != null) {
            gone.owners().forEach(owner -> {
                var of = dependents.get(owner.getUid());
                if (of != null) {
                    of.remove(uid);
                    if (of.isEmpty()) {
                        dependents.remove(owner.getUid());
                    }
                }
            });
        }
    }

    synchronized Optional<Vertex> find(String uid) {
        return Optional.ofNullable(vertices.get(uid));
    }

    synchronized List<Vertex> dependents(String uid) {
        return dependents.getOrDefault(uid, Set.of()).stream()
                .map(vertices::get)
                .filter(vertex -> vertex != null)
                .toList();
    }

    synchronized Collection<Vertex> all() {
        return List.copyOf(vertices.values());
    }
}
