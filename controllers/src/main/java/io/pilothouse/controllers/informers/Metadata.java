package io.pilothouse.controllers.informers;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps of an object no more than tells who it is and who owns it. */
final class Metadata implements ItemStore<GenericKubernetesResource> {
    private final Map<String, GenericKubernetesResource> objects = new ConcurrentHashMap<>();

    @Override
    public String getKey(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        return namespace == null || namespace.isEmpty()
                ? object.getMetadata().getName()
                : namespace + "/" + object.getMetadata().getName();
    }

    @Override
    public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        var metadata = object.getMetadata();
        var lean = new GenericKubernetesResource();
        lean.setApiVersion(object.getApiVersion());
        lean.setKind(object.getKind());
        lean.setMetadata(new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .withDeletionTimestamp(metadata.getDeletionTimestamp())
                .withFinalizers(metadata.getFinalizers())
                .withOwnerReferences(metadata.getOwnerReferences())
                .build());
        return objects.put(key, lean);
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        return objects.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return objects.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return objects.values().stream();
    }

    @Override
    public int size() {
        return objects.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        return objects.get(key);
    }
}
