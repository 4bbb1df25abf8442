package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request of any path and what the server says to it. */
public final class Requests {
    private static final long PATIENCE_SECONDS = 30;

    private Requests() {}

    /**
     * Reads a path.
     *
     * @param path with its query
     * @return the body
     * @throws KubernetesClientException with the server's code and status when it refuses, also where there is nothing
     */
    public static String get(KubernetesClient client, String path) {
        return get(client, client.getHttpClient(), path);
    }

    /** {@link #get(KubernetesClient, String)} through one of the client's views of its connections. */
    public static String get(KubernetesClient client, HttpClient http, String path) {
        return send(
                client,
                http,
                http.newHttpRequestBuilder().uri(uri(client, path)).build(),
                "GET " + path);
    }

    /** Sends a body with any method; else as {@link #get(KubernetesClient, String)}. */
    static String send(KubernetesClient client, String method, String path, String type, String body) {
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri(uri(client, path))
                .method(method, type, body)
                .build();
        return send(client, http, request, method + " " + path);
    }

    private static String uri(KubernetesClient client, String path) {
        String base = client.getConfiguration().getMasterUrl();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }

    private static String send(KubernetesClient client, HttpClient http, HttpRequest request, String what) {
        try {
            HttpResponse<String> response =
                    http.sendAsync(request, String.class).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (response.isSuccessful()) {
                return response.body();
            }
            throw new KubernetesClientException(
                    what + ": " + response.body(), response.code(), status(client, response.body()));
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException(what + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", e);
        }
    }

    private static @Nullable Status status(KubernetesClient client, @Nullable String body) {
        try {
            return body == null || !body.startsWith("{")
                    ? null
                    : client.getKubernetesSerialization().unmarshal(body, Status.class);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            return null; // Not from an API server.
        }
    }

    /** What the server said, else what went wrong. */
    public static String words(KubernetesClientException refused) {
        var status = refused.getStatus();
        return status == null || status.getMessage() == null
                ? String.valueOf(refused.getMessage())
                : status.getMessage();
    }
}
