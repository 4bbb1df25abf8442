package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** PATCH and nothing else: the client's own patch reads the object first, which not every controller may that may patch it. */
public final class Patches {
    private static final long PATIENCE_SECONDS = 30;

    private Patches() {}

    /**
     * A strategic merge patch.
     *
     * @param path such as {@code /api/v1/namespaces/NAMESPACE/pods/NAME}
     * @return the patched object's JSON
     * @throws KubernetesClientException with the server's status when it refuses
     */
    public static String strategic(KubernetesClient client, String path, String patch) {
        return send(client, path, "application/strategic-merge-patch+json", patch);
    }

    /** A merge patch (RFC 7386), else as {@link #strategic}. */
    public static String merge(KubernetesClient client, String path, String patch) {
        return send(client, path, "application/merge-patch+json", patch);
    }

    /** The path of an object of a namespace in the core group. */
    public static String path(String namespace, String resource, String name) {
        return "/api/v1/namespaces/" + namespace + "/" + resource + "/" + name;
    }

    private static String send(KubernetesClient client, String path, String type, String patch) {
        String base = client.getConfiguration().getMasterUrl();
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path)
                .method("PATCH", type, patch)
                .build();
        try {
            HttpResponse<String> response =
                    http.sendAsync(request, String.class).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (response.isSuccessful()) {
                return response.body();
            }
            throw new KubernetesClientException(
                    "PATCH " + path + ": " + response.body(), response.code(), status(client, response.body()));
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException("PATCH " + path + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", e);
        }
    }

    private static @Nullable Status status(KubernetesClient client, @Nullable String body) {
        try {
            return body == null ? null : client.getKubernetesSerialization().unmarshal(body, Status.class);
        } catch (KubernetesClientException e) {
            return null; // Not from an API server.
        }
    }
}
