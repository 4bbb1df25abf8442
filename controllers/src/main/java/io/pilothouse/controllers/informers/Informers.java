package io.pilothouse.controllers.informers;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One watch and one cache for each kind, however many controllers read it. Asked for while controllers are put together, by one thread; then started once. */
public final class Informers implements AutoCloseable {
    private record Entry(SharedIndexInformer<?> informer, Cache<?> cache) {}

    private final KubernetesClient client;
    private final Map<Class<?>, Entry> entries = new LinkedHashMap<>();

    /** Reads through {@code client}, which stays the caller's. */
    public Informers(KubernetesClient client) {
        this.client = client;
    }

    /** The cache of a kind; filled once {@link #start} has returned. */
    @SuppressWarnings("unchecked")
    public <T extends HasMetadata> Cache<T> cache(Class<T> type) {
        return (Cache<T>) entries.computeIfAbsent(type, ignored -> entry(type)).cache;
    }

    private <T extends HasMetadata> Entry entry(Class<T> type) {
        SharedIndexInformer<T> informer =
                client.resources(type).inAnyNamespace().runnableInformer(0);
        informer.itemStore(new LeanStore<>());
        informer.exceptionHandler((started, failure) -> true);
        return new Entry(informer, new Cache<>(informer));
    }

    /**
     * Starts all and waits until each has listed once.
     *
     * @throws TimeoutException if one could not within a minute
     */
    public void start() throws InterruptedException, TimeoutException, ExecutionException {
        var started = entries.values().stream()
                .map(entry -> entry.informer.start().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(started).get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.informer.stop());
    }
}
