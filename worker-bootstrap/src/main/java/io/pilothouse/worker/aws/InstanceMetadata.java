package io.pilothouse.worker.aws;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** EC2's instance metadata, version 2. Safe on any thread. */
public final class InstanceMetadata {
    /** Where instances find it. */
    public static final URI DEFAULT_ENDPOINT = URI.create("http://169.254.169.254");

    private static final int TOKEN_SECONDS = 21600;
    private final URI endpoint;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private String token = "";
    private Instant tokenEnd = Instant.MIN;

    /** At an endpoint. */
    public InstanceMetadata(URI endpoint, Clock clock) {
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /** At the endpoint that AWS_EC2_METADATA_SERVICE_ENDPOINT names, or the usual one. */
    public static InstanceMetadata ofEnvironment(Clock clock) {
        String named = System.getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        return new InstanceMetadata(
                named == null || named.isEmpty() ? DEFAULT_ENDPOINT : URI.create(named.replaceFirst("/+$", "")), clock);
    }

    /**
     * What is at a path below /latest/, as {@code meta-data/instance-id}.
     *
     * @throws IOException when there is no such service or no such path
     */
    public String read(String path) throws IOException {
        return find(path).orElseThrow(() -> new IOException("the instance metadata has no " + path));
    }

    /** The same for what may not be there. */
    public Optional<String> find(String path) throws IOException {
        String used = token();
        HttpResponse<String> response = get(path, used);
        if (response.statusCode() == 401) {
            // Another service than the one that gave it, perhaps: one that was started anew.
            forget(used);
            response = get(path, token());
        }
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw new IOException("instance metadata: status " + response.statusCode() + " for " + path);
        }
        return Optional.of(response.body());
    }

    private HttpResponse<String> get(String path, String with) throws IOException {
        return send(request("/latest/" + path)
                .header("X-aws-ec2-metadata-token", with)
                .GET()
                .build());
    }

    private synchronized void forget(String refused) {
        if (token.equals(refused)) {
            tokenEnd = Instant.MIN;
        }
    }

    private synchronized String token() throws IOException {
        if (clock.instant().isAfter(tokenEnd)) {
            HttpResponse<String> response = send(request("/latest/api/token")
                    .header("X-aws-ec2-metadata-token-ttl-seconds", Integer.toString(TOKEN_SECONDS))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build());
            if (response.statusCode() != 200) {
                throw new IOException("instance metadata: status " + response.statusCode() + " for a session token");
            }
            token = response.body();
            tokenEnd = clock.instant().plusSeconds(TOKEN_SECONDS / 2);
        }
        return token;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(endpoint.toString().replaceAll("/+$", "") + path))
                .timeout(Duration.ofSeconds(5));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
