package io.pilothouse.conformance.informers;

import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseList;
import io.kubernetes.client.openapi.models.V1ListMeta;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.ClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Shared informers of the official Java client. */
final class OfficialFollowers implements AutoCloseable {
    private final ApiClient client;
    private final Findings findings;
    /** One for each informer, since a factory has one for each type of objects. */
    private final List<SharedInformerFactory> factories = new ArrayList<>();

    OfficialFollowers(ServerProcess server, Findings findings) throws IOException {
        this.findings = findings;
        client = new ClientBuilder()
                .setBasePath(server.uri().toString())
                .setCertificateAuthority(Files.readAllBytes(server.authority()))
                .setReadTimeout(java.time.Duration.ZERO)
                .build();
    }

    /** A custom resource, as users of the client write them. */
    static final class Widget implements KubernetesObject {
        @Nullable
        String apiVersion;

        @Nullable
        String kind;

        @Nullable
        V1ObjectMeta metadata;

        @Override
        public V1ObjectMeta getMetadata() {
            return Objects.requireNonNull(metadata);
        }

        @Override
        public @Nullable String getApiVersion() {
            return apiVersion;
        }

        @Override
        public @Nullable String getKind() {
            return kind;
        }
    }

    /** A list of them. */
    static final class WidgetList implements KubernetesListObject {
        @Nullable
        String apiVersion;

        @Nullable
        String kind;

        @Nullable
        V1ListMeta metadata;

        List<Widget> items = new ArrayList<>();

        @Override
        public V1ListMeta getMetadata() {
            return Objects.requireNonNull(metadata);
        }

        @Override
        public List<? extends KubernetesObject> getItems() {
            return items;
        }

        @Override
        public @Nullable String getApiVersion() {
            return apiVersion;
        }

        @Override
        public @Nullable String getKind() {
            return kind;
        }
    }

    /** Makes an informer, which {@link #start} starts. */
    Follower follow(Selection selection) {
        return switch (selection.kind()) {
            case CONFIG_MAPS -> follow(selection, V1ConfigMap.class, V1ConfigMapList.class);
            case PODS -> follow(selection, V1Pod.class, V1PodList.class);
            case LEASES -> follow(selection, V1Lease.class, V1LeaseList.class);
            case WIDGETS -> follow(selection, Widget.class, WidgetList.class);
        };
    }

    private <T extends KubernetesObject, L extends KubernetesListObject> Follower follow(
            Selection selection, Class<T> type, Class<L> list) {
        var ledger = new Ledger("official " + selection, findings);
        var factory = new SharedInformerFactory(client);
        var informer = factory.sharedIndexInformerFor(parameters -> call(selection, parameters), type, list);
        informer.addEventHandler(new Handler<T>(ledger));
        factories.add(factory);
        return new Follower(selection, ledger, () -> revision(informer.lastSyncResourceVersion()));
    }

    private static long revision(@Nullable String text) {
        return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private Call call(Selection selection, CallGeneratorParams parameters) {
        var path = selection.kind().path(selection.namespace());
        var url = Objects.requireNonNull(HttpUrl.parse(client.getBasePath() + path))
                .newBuilder();
        url.addQueryParameter("resourceVersion", parameters.resourceVersion);
        if (parameters.watch) {
            url.addQueryParameter("watch", "true");
            // The client cannot read the bookmarks of pods, whose containers are null in them, as with upstream.
            url.addQueryParameter("allowWatchBookmarks", Boolean.toString(selection.kind() != Kind.PODS));
            url.addQueryParameter("timeoutSeconds", Integer.toString(History.WATCH_SECONDS));
        }
        if (!selection.label().isEmpty()) {
            url.addQueryParameter("labelSelector", selection.label());
        }
        if (!selection.field().isEmpty()) {
            url.addQueryParameter("fieldSelector", selection.field());
        }
        return client.getHttpClient()
                .newCall(new Request.Builder()
                        .url(url.build())
                        .header("Authorization", "Bearer official")
                        .build());
    }

    /** Writes down what it is told. */
    private record Handler<T extends KubernetesObject>(Ledger ledger) implements ResourceEventHandler<T> {
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
        factories.forEach(SharedInformerFactory::startAllRegisteredInformers);
    }

    @Override
    public void close() {
        factories.forEach(SharedInformerFactory::stopAllRegisteredInformers);
    }
}
