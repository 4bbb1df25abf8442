package io.pilothouse.controllers.informers;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pilothouse.controllers.discovery.Discovery;
import io.pilothouse.controllers.discovery.ServedKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One watch for every kind whose objects can be deleted, but for events, and what is known of all its objects: who they are and who owns
 * them. Kinds come and go as the API server serves them. Listeners are added before the first {@link #discover}.
 */
public final class KindWatches implements AutoCloseable {
    private static final Set<String> WATCHABLE = Set.of("list", "watch", "delete");
    private static final String NAMESPACE = "namespace";

    /** Hears of objects; must not block. */
    public interface Listener {
        /** An object is there, or has changed. */
        default void seen(ServedKind kind, ObjectMeta object) {}

        /** An object is no longer there. */
        void gone(ServedKind kind, ObjectMeta object);

        /** A kind is served that was not; its objects are being listed. */
        default void begun(ServedKind kind) {}

        /** A kind is no longer served. */
        default void ended(ServedKind kind) {}
    }

    private final KubernetesClient client;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<ServedKind, SharedIndexInformer<GenericKubernetesResource>> informers = new ConcurrentHashMap<>();
    private volatile boolean discovered;

    /** Reads through {@code client}, which stays the caller's. */
    public KindWatches(KubernetesClient client) {
        this.client = client;
    }

    /** Adds one who hears of everything from the beginning. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The kinds that are watched. */
    public Set<ServedKind> kinds() {
        return Set.copyOf(informers.keySet());
    }

    /** Whether it is known what kinds there are. */
    public boolean isDiscovered() {
        return discovered;
    }

    /** How many objects of a kind a namespace has; empty where they have not been listed yet. */
    public OptionalInt count(ServedKind kind, String namespace) {
        var informer = informers.get(kind);
        return informer == null || !informer.hasSynced()
                ? OptionalInt.empty()
                : OptionalInt.of(
                        informer.getIndexer().byIndex(NAMESPACE, namespace).size());
    }

    /** Asks what is served and watches that; to be called again and again, by one thread at a time. */
    public void discover() {
        var found = Discovery.read(client);
        var wanted = found.kinds().stream()
                .filter(kind ->
                        kind.verbs().containsAll(WATCHABLE) && !kind.plural().equals("events"))
                .toList();
        for (ServedKind kind : wanted) {
            if (!informers.containsKey(kind)) {
                informers.put(kind, watch(kind));
                listeners.forEach(listener -> listener.begun(kind));
            }
        }
        if (found.failures().isEmpty()) {
            informers.keySet().stream()
                    .filter(kind -> !wanted.contains(kind))
                    .toList()
                    .forEach(this::end);
        }
        discovered = true;
    }

    private void end(ServedKind kind) {
        var ended = informers.remove(kind);
        if (ended != null) {
            ended.stop();
            listeners.forEach(listener -> listener.ended(kind));
        }
    }

    private SharedIndexInformer<GenericKubernetesResource> watch(ServedKind kind) {
        var informer = client.genericKubernetesResources(kind.context())
                .inAnyNamespace()
                .runnableInformer(0);
        informer.itemStore(new Metadata());
        informer.exceptionHandler((started, failure) -> true);
        informer.addEventHandler(new ResourceEventHandler<GenericKubernetesResource>() {
            @Override
            public void onAdd(GenericKubernetesResource object) {
                listeners.forEach(listener -> listener.seen(kind, object.getMetadata()));
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                listeners.forEach(listener -> listener.seen(kind, after.getMetadata()));
            }

            @Override
            public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
                listeners.forEach(listener -> listener.gone(kind, object.getMetadata()));
            }
        });
        var _ = informer.start();
        return informer;
    }

    /** Ends the watches. */
    @Override
    public void close() {
        informers.values().forEach(SharedIndexInformer::stop);
    }
}
