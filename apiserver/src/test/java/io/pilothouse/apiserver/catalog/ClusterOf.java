package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster of given objects, of which the cache may lag behind. Selectable fields are read as paths. */
public final class ClusterOf implements ClusterView {
    private final Map<GroupResource, List<ObjectNode>> cached = new TreeMap<>(ClusterOf::compare);
    private final Map<GroupResource, List<ObjectNode>> present = new TreeMap<>(ClusterOf::compare);

    private static int compare(GroupResource one, GroupResource other) {
        return one.toString().compareTo(other.toString());
    }

    /** Adds an object that everybody sees. */
    public ClusterOf with(GroupResource resource, String json) {
        cached.computeIfAbsent(resource, r -> new ArrayList<>()).add((ObjectNode) Json.tree(json));
        return withUnseen(resource, json);
    }

    /** Adds an object that the cache has not seen yet. */
    public ClusterOf withUnseen(GroupResource resource, String json) {
        present.computeIfAbsent(resource, r -> new ArrayList<>()).add((ObjectNode) Json.tree(json));
        return this;
    }

    @Override
    public Optional<ObjectNode> find(GroupResource resource, String namespace, String name) {
        return named(list(resource, namespace), name);
    }

    @Override
    public Optional<ObjectNode> findNow(GroupResource resource, String namespace, String name) {
        return named(listNow(resource, namespace), name);
    }

    @Override
    public List<ObjectNode> list(GroupResource resource, String namespace) {
        return of(cached, resource, namespace);
    }

    @Override
    public List<ObjectNode> listNow(GroupResource resource, String namespace) {
        return of(present, resource, namespace);
    }

    @Override
    public List<ObjectNode> listBy(GroupResource resource, String namespace, String field, String value) {
        return having(list(resource, namespace), field, value);
    }

    @Override
    public List<ObjectNode> listByNow(GroupResource resource, String namespace, String field, String value) {
        return having(listNow(resource, namespace), field, value);
    }

    private static List<ObjectNode> of(
            Map<GroupResource, List<ObjectNode>> objects, GroupResource resource, String namespace) {
        return objects.getOrDefault(resource, List.of()).stream()
                .filter(object ->
                        namespace.isEmpty() || ObjectMeta.namespace(object).equals(namespace))
                .toList();
    }

    private static Optional<ObjectNode> named(List<ObjectNode> objects, String name) {
        return objects.stream()
                .filter(object -> ObjectMeta.name(object).equals(name))
                .findFirst();
    }

    private static List<ObjectNode> having(List<ObjectNode> objects, String field, String value) {
        return objects.stream()
                .filter(object ->
                        object.at("/" + field.replace('.', '/')).asText("").equals(value))
                .toList();
    }
}
