package io.pilothouse.controllers.informers;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.workqueue.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is known of all objects of a kind. The objects are shared: who wants to change one copies it first.
 *
 * @param <T> the kind
 */
public final class Cache<T extends HasMetadata> {
    private static final String OWNER = "pilothouse-owner";
    private static final String NAMESPACE = "namespace";

    private final SharedIndexInformer<T> informer;

    Cache(SharedIndexInformer<T> informer) {
        this.informer = informer;
        informer.addIndexers(Map.of(OWNER, Cache::ownerKeys));
    }

    private static List<String> ownerKeys(HasMetadata object) {
        return Owners.controllerOf(object)
                .map(owner -> List.of(owner.getUid()))
                .orElseGet(() -> List.of("orphans/" + object.getMetadata().getNamespace()));
    }

    /** The object a key names. */
    public Optional<T> find(Key key) {
        return Optional.ofNullable(informer.getIndexer().getByKey(key.path()));
    }

    /** The object of this namespace (empty where the kind has none) and name. */
    public Optional<T> find(String namespace, String name) {
        return find(new Key(namespace, name));
    }

    /** All objects. */
    public List<T> all() {
        return informer.getIndexer().list();
    }

    /** All objects of a namespace. */
    public List<T> inNamespace(String namespace) {
        return informer.getIndexer().byIndex(NAMESPACE, namespace);
    }

    /** Those whose controller is the object with this uid. */
    public List<T> ownedBy(String uid) {
        return informer.getIndexer().byIndex(OWNER, uid);
    }

    /** Those of a namespace that no controller owns. */
    public List<T> orphans(String namespace) {
        return informer.getIndexer().byIndex(OWNER, "orphans/" + namespace);
    }

    /** Adds an index, before the cache starts. */
    public void index(String name, Function<T, List<String>> keys) {
        if (!informer.getIndexer().getIndexers().containsKey(name)) {
            informer.addIndexers(Map.of(name, keys));
        }
    }

    /** The objects that an added index holds under a key. */
    public List<T> byIndex(String name, String key) {
        return informer.getIndexer().byIndex(name, key);
    }

    /** Calls {@code seen} for every object that appears, changes or goes; it must not block. */
    public void onAny(Consumer<T> seen) {
        on(seen, (before, after) -> seen.accept(after), seen);
    }

    /** Calls for objects that appear, change and go; the calls must not block. */
    public void on(Consumer<T> added, java.util.function.BiConsumer<T, T> changed, Consumer<T> deleted) {
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                added.accept(object);
            }

            @Override
            public void onUpdate(T before, T after) {
                changed.accept(before, after);
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                deleted.accept(object);
            }
        });
    }
}
