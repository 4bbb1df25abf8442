package io.pilothouse.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Requests of the kinds that clients send, often enough that what serves them is known to be hot. */
final class SampleRequests {
    private static final int PODS = 300;
    private static final String NAMESPACE = "/api/v1/namespaces/default";
    private static final String JSON = "application/json";
    private static final List<String> FORMS = List.of(
            JSON,
            "application/vnd.kubernetes.protobuf",
            "application/json;as=Table;v=v1;g=meta.k8s.io",
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
    private static final List<String> READS = List.of(
            "/readyz",
            "/metrics",
            "/version",
            "/api",
            "/apis",
            "/apis/apps/v1",
            "/openapi/v2",
            "/openapi/v3",
            "/openapi/v3/api/v1",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            "/api/v1/namespaces/none");

    private final HttpClient client;
    private final URI server;
    private final String token;

    private SampleRequests(HttpClient client, URI server, String token) {
        this.client = client;
        this.server = server;
        this.token = token;
    }

    /**
     * Sends them, and waits for the answers, whatever they are.
     *
     * @param certificate the server's own
     */
    static void send(int port, Path certificate, String token)
            throws IOException, InterruptedException, GeneralSecurityException {
        try (var client =
                HttpClient.newBuilder().sslContext(trusting(certificate)).build()) {
            new SampleRequests(client, URI.create("https://localhost:" + port), token).all();
        }
    }

    private static SSLContext trusting(Path certificate) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private void all() throws IOException, InterruptedException {
        ask("POST", NAMESPACE + "/serviceaccounts", JSON, JSON, """
                {"metadata":{"name":"default"}}""");
        try (var watch = watch()) {
            for (int i = 0; i < PODS; i++) {
                pod("pod-" + i);
            }
            for (var form : FORMS) {
                for (var query : List.of("", "?resourceVersion=0", "?limit=50", "?labelSelector=app%3Dweb")) {
                    ask("GET", NAMESPACE + "/pods" + query, JSON, form, "");
                }
            }
            for (var path : READS) {
                ask("GET", path, JSON, "*/*", "");
            }
            watch.skipNBytes(1);
            probe();
        }
        ask("DELETE", NAMESPACE + "/pods", JSON, JSON, "");
    }

    /** Those who look whether the server is ready, kubelets and load balancers, speak HTTP/1.1. */
    private void probe() throws IOException, InterruptedException {
        client.send(
                HttpRequest.newBuilder(server.resolve("/readyz"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private void pod(String name) throws IOException, InterruptedException {
        ask("POST", NAMESPACE + "/pods", JSON, JSON, """
                {"metadata":{"name":"%s","labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i:1",\
                "resources":{"requests":{"cpu":"100m","memory":"64Mi"}},"env":[{"name":"A","value":"b"}],\
                "ports":[{"containerPort":80}],"readinessProbe":{"httpGet":{"path":"/","port":80}}}]}}""".formatted(name));
        String path = NAMESPACE + "/pods/" + name;
        ask("GET", path, JSON, JSON, "");
        ask("PATCH", path, "application/merge-patch+json", JSON, """
                {"metadata":{"annotations":{"a":"b"}}}""");
        ask("PATCH", path + "?fieldManager=warm-up", "application/apply-patch+yaml", JSON, """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"tier":"front"}}}""".formatted(name));
    }

    private InputStream watch() throws IOException, InterruptedException {
        var answer = client.send(
                request("GET", NAMESPACE + "/pods?watch=true", JSON, JSON, ""),
                HttpResponse.BodyHandlers.ofInputStream());
        return answer.body();
    }

    private void ask(String method, String path, String type, String accept, String body)
            throws IOException, InterruptedException {
        var answer = client.send(request(method, path, type, accept, body), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 500) {
            throw new IOException(
                    path + ": " + answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }

    private HttpRequest request(String method, String path, String type, String accept, String body) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", accept)
                .header("Content-Type", type)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
