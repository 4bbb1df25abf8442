package io.pilothouse.worker.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Requests to the API server, with JSON trees in and out. Blocks: for virtual threads. Safe on any. */
public final class ApiClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int WATCH_SECONDS = 290;
    private final URI server;
    private final Credentials credentials;
    private final HttpClient http;

    /**
     * @param server as in a kubeconfig
     * @param tls for https; empty for the system's authorities
     */
    public ApiClient(URI server, Optional<SSLContext> tls, Credentials credentials) {
        this.server = server;
        this.credentials = credentials;
        // HTTP/1.1, so that a connection that hangs takes down one request and not all of them.
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** An empty object. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Parses text that this program made itself. */
    public static ObjectNode parse(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /** Reads an object. */
    public JsonNode read(String path) throws IOException {
        return send("GET", path, null, "");
    }

    /** Reads an object that may not be there. */
    public Optional<JsonNode> find(String path) throws IOException {
        try {
            return Optional.of(read(path));
        } catch (ApiException e) {
            if (e.code() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Creates an object. */
    public JsonNode create(String path, JsonNode body) throws IOException {
        return send("POST", path, body, "application/json");
    }

    /** Replaces an object. */
    public JsonNode replace(String path, JsonNode body) throws IOException {
        return send("PUT", path, body, "application/json");
    }

    /** Merges into an object (RFC 7386). */
    public JsonNode mergePatch(String path, JsonNode body) throws IOException {
        return send("PATCH", path, body, "application/merge-patch+json");
    }

    /** Merges into an object, lists by their keys (Kubernetes' strategic merge patch). */
    public JsonNode strategicPatch(String path, JsonNode body) throws IOException {
        return send("PATCH", path, body, "application/strategic-merge-patch+json");
    }

    /** Deletes an object with DeleteOptions. */
    public JsonNode delete(String path, JsonNode options) throws IOException {
        return send("DELETE", path, options, "application/json");
    }

    private JsonNode send(String method, String path, @Nullable JsonNode body, String type) throws IOException {
        HttpRequest.Builder request = request(path).timeout(TIMEOUT);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", type)
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        HttpResponse<byte[]> response = exchange(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw failure(response.statusCode(), response.body());
        }
        return JSON.readTree(response.body());
    }

    private HttpRequest.Builder request(String path) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.toString().replaceAll("/+$", "") + path))
                .header("Accept", "application/json")
                .header("User-Agent", "pilothouse-node");
        String token = credentials.token();
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            HttpResponse<T> response = http.send(request, handler);
            if (response.statusCode() == 401) {
                credentials.refused();
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static ApiException failure(int code, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            JsonNode status = JSON.readTree(text);
            if (status.hasNonNull("message")) {
                return new ApiException(
                        code,
                        status.path("reason").asText(),
                        status.path("message").asText());
            }
        } catch (IOException e) {
            // Not a Status: a proxy's answer, say.
        }
        return new ApiException(code, "", "status " + code + ": " + text);
    }

    /**
     * Watches from a resource version until the server ends the watch, or it breaks.
     *
     * @param path of the collection, with its query if any
     * @param events gets every event as it is on the wire
     * @throws ApiException with code 410 when the version is too old
     */
    public void watch(String path, String resourceVersion, Consumer<JsonNode> events) throws IOException {
        String target = path + (path.contains("?") ? "&" : "?") + "watch=true&allowWatchBookmarks=true&timeoutSeconds="
                + WATCH_SECONDS + "&resourceVersion=" + resourceVersion;
        HttpResponse<InputStream> response =
                exchange(request(target).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() >= 300) {
                throw failure(response.statusCode(), body.readAllBytes());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = JSON.readTree(line);
                if (event.path("type").asText().equals("ERROR")) {
                    JsonNode status = event.path("object");
                    throw new ApiException(
                            status.path("code").asInt(500),
                            status.path("reason").asText(),
                            status.path("message").asText());
                }
                events.accept(event);
            }
        }
    }
}
