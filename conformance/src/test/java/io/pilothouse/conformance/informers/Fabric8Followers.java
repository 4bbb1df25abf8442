package io.pilothouse.conformance.informers;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Informers of the fabric8 client; their watches go over WebSockets, or over plain HTTP. */
final class Fabric8Followers implements AutoCloseable {
    private final KubernetesClient client;
    private final Findings findings;
    private final String name;
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

    Fabric8Followers(ServerProcess server, boolean plainHttp, Findings findings) {
        this.findings = findings;
        this.name = plainHttp ? "fabric8 over HTTP " : "fabric8 ";
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.uri().toString())
                .withCaCertFile(server.authority().toString())
                .withOauthToken("fabric8")
                .build();
        config.setOnlyHttpWatches(plainHttp);
        client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("short-watches", new ShortWatches()))
                .build();
    }

    /** The client wants its watches to last five minutes or more; a test has no time for that. */
    private static final class ShortWatches implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            var uri = request.uri().toString();
            var shorter = uri.replaceAll("timeoutSeconds=\\d+", "timeoutSeconds=" + History.WATCH_SECONDS);
            if (!shorter.equals(uri)) {
                builder.uri(URI.create(shorter));
            }
        }
    }

    /** Makes an informer, which {@link #start} starts. */
    Follower follow(Selection selection) {
        return switch (selection.kind()) {
            case CONFIG_MAPS -> follow(selection, client.configMaps());
            case PODS -> follow(selection, client.pods());
            case LEASES -> follow(selection, client.leases());
            case WIDGETS ->
                follow(
                        selection,
                        client.genericKubernetesResources(
                                selection.kind().apiVersion(), selection.kind().kindName()));
        };
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>> Follower follow(
            Selection selection, MixedOperation<T, L, R> all) {
        var ledger = new Ledger(name + selection, findings);
        AnyNamespaceOperation<T, L, R> scoped =
                selection.namespace().isEmpty() ? all.inAnyNamespace() : all.inNamespace(selection.namespace());
        FilterWatchListDeletable<T, L, R> filtered = scoped;
        if (!selection.label().isEmpty()) {
            filtered = scoped.withLabelSelector(selection.label());
        }
        if (!selection.field().isEmpty()) {
            var parts = selection.field().split("=", 2);
            filtered = filtered.withField(parts[0], parts[1]);
        }
        var informer = filtered.runnableInformer(0);
        informer.addEventHandler(new Handler<T>(ledger));
        informers.add(informer);
        return new Follower(selection, ledger, () -> revision(informer.lastSyncResourceVersion()));
    }

    private static long revision(String text) {
        return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** Writes down what it is told. */
    private record Handler<T extends HasMetadata>(Ledger ledger) implements ResourceEventHandler<T> {
        private void see(Change.Type type, T object) {
            var metadata = object.getMetadata();
            ledger.see(new Change(
                    type, metadata.getNamespace() + "/" + metadata.getName(), revision(metadata.getResourceVersion())));
        }

        @Override
        public void onAdd(T object) {
            see(Change.Type.ADDED, object);
        }

        @Override
        public void onUpdate(T before, T object) {
            see(Change.Type.MODIFIED, object);
        }

        @Override
        public void onDelete(T object, boolean unknown) {
            see(Change.Type.DELETED, object);
        }
    }

    void start() {
        informers.forEach(informer -> {
            var _ = informer.start();
        });
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
        client.close();
    }
}
