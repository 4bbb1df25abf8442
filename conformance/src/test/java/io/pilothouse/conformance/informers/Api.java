package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The server, spoken to with nothing between. For use by many threads. */
final class Api implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final HttpClient client;
    private final URI server;
    private final String token;

    Api(URI server, SSLContext trust, String token) {
        this.client = HttpClient.newBuilder()
                .sslContext(trust)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        this.server = server;
        this.token = token;
    }

    /** A status code and what came with it. */
    record Answer(int code, JsonNode body) {
        boolean succeeded() {
            return code < 300;
        }
    }

    Answer call(String method, String path, Optional<JsonNode> body) throws IOException {
        var publisher = body.map(b -> HttpRequest.BodyPublishers.ofString(b.toString()))
                .orElse(HttpRequest.BodyPublishers.noBody());
        var request = request(path)
                .timeout(PATIENCE)
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, publisher)
                .build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The lines of a stream, which the caller closes. */
    BufferedReader lines(String path) throws IOException {
        try {
            var answer = client.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                answer.body().close();
                throw new IOException("HTTP " + answer.statusCode() + " for " + path);
            }
            return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
