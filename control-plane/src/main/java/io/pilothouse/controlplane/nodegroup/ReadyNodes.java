package io.pilothouse.controlplane.nodegroup;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks a cluster which of its nodes are Ready, with the admin's certificate. */
final class ReadyNodes {
    private ReadyNodes() {}

    /** Whether nodes of all those names are. */
    static boolean allReady(ClusterRecord cluster, Path directory, List<String> names) throws IOException {
        ClusterRecord.Layout layout = cluster.layout();
        if (names.isEmpty() || layout == null) {
            return layout != null;
        }
        ClientTls tls = ClientTls.trusting(Pem.certificates(directory.resolve("pki/ca.crt")))
                .withIdentity(
                        Pem.certificates(directory.resolve("pki/admin.crt")),
                        Pem.privateKey(directory.resolve("pki/admin.key")));
        HttpRequest request = HttpRequest.newBuilder(URI.create(layout.url() + "/api/v1/nodes"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(tls.context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    && ready(Json.parse(response.body())).containsAll(names);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Set<String> ready(JsonNode nodes) {
        Set<String> ready = new HashSet<>();
        for (JsonNode node : nodes.path("items")) {
            for (JsonNode condition : node.path("status").path("conditions")) {
                if (condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True")) {
                    ready.add(node.path("metadata").path("name").asText());
                }
            }
        }
        return ready;
    }
}
