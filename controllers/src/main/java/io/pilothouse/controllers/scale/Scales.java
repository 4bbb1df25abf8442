package io.pilothouse.controllers.scale;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.KindWatches;
import io.pilothouse.controllers.objects.Requests;
import java.util.Comparator;
import java.util.Optional;

/** Reads and writes how many replicas an object of any kind has. */
public final class Scales {
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final KindWatches kinds;

    /** As whom {@code client} acts. */
    public Scales(KubernetesClient client, KindWatches kinds) {
        this.client = client;
        this.kinds = kinds;
    }

    /** Whether it is known what kinds there are. */
    public boolean areKnown() {
        return kinds.isDiscovered();
    }

    /** The kind that an API version (its group counts) and a name mean; empty where none is served. */
    public Optional<ServedKind> kind(String apiVersion, String name) {
        String group = group(apiVersion);
        return kinds.kinds().stream()
                .filter(kind -> kind.group().equals(group) && kind.kind().equals(name))
                .min(Comparator.comparing(ServedKind::plural));
    }

    /** The group of an API version; empty for the core group. */
    public static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /**
     * The scale of an object.
     *
     * @throws KubernetesClientException where the server refuses, also (404) where there is no such object, or its kind has no scale
     */
    public Scale get(ServedKind kind, String namespace, String name) {
        return client.getKubernetesSerialization()
                .unmarshal(Requests.get(client, path(kind, namespace, name)), Scale.class);
    }

    /** The scale of an object; empty where there is no such object, or its kind has no scale. Else as {@link #get}. */
    public Optional<Scale> find(ServedKind kind, String namespace, String name) {
        try {
            return Optional.of(get(kind, namespace, name));
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Whether the objects of a kind have a scale. */
    public boolean has(ServedKind kind) {
        APIResourceList resources = client.getApiResources(kind.apiVersion());
        return resources != null
                && resources.getResources().stream()
                        .anyMatch(resource -> resource.getName().equals(kind.plural() + "/scale")
                                && "Scale".equals(resource.getKind()));
    }

    /**
     * Writes a scale.
     *
     * @throws KubernetesClientException where the server refuses
     */
    public void update(ServedKind kind, Scale scale) {
        client.raw(
                path(
                        kind,
                        scale.getMetadata().getNamespace(),
                        scale.getMetadata().getName()),
                "PUT",
                scale);
    }

    private static String path(ServedKind kind, String namespace, String name) {
        return kind.path(kind.namespaced() ? namespace : "") + "/" + name + "/scale";
    }
}
