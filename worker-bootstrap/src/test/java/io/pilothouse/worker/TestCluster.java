package io.pilothouse.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.storage.testing.EtcdProcess;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.kube.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.yaml.snakeyaml.Yaml;

/** A real API server over a real etcd, for nodes that are tested; what controllers would do, tests do by hand. */
final class TestCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private final Path directory;
    private final TestPki pki;
    private final EtcdProcess etcd;
    private final ApiServer server;
    private final String address;
    private final ApiClient client;

    /** @param address where nodes reach it */
    TestCluster(Path directory, String address) throws Exception {
        this.directory = directory;
        this.address = address;
        this.pki = new TestPki(directory);
        pki.issue("server", "/CN=kube-apiserver", "IP:" + address + ",IP:127.0.0.1,IP:10.96.0.1,DNS:localhost");
        pki.issue("kubelet-client", "/CN=kube-apiserver-kubelet-client", "");
        Path tokens = Files.writeString(directory.resolve("tokens"), """
                admin-token,admin,admin-uid,"system:masters"
                node-a-token,system:node:node-a,node-a-uid,"system:nodes"
                node-b-token,system:node:node-b,node-b-uid,"system:nodes"
                """);
        this.etcd = EtcdProcess.start();
        var options = ApiServerOptions.parse(
                "--etcd-servers",
                etcd.endpoint().toString(),
                "--secure-port",
                "0",
                "--bind-address",
                address,
                "--advertise-address",
                address,
                "--token-auth-file",
                tokens.toString(),
                "--authorization-mode",
                "Node,RBAC",
                "--tls-cert-file",
                pki.file("server.crt"),
                "--tls-private-key-file",
                pki.file("server.key"),
                "--client-ca-file",
                pki.file("ca.crt"),
                "--kubelet-client-certificate",
                pki.file("kubelet-client.crt"),
                "--kubelet-client-key",
                pki.file("kubelet-client.key"),
                "--kubelet-certificate-authority",
                pki.file("ca.crt"),
                "--kubelet-preferred-address-types",
                "InternalIP",
                "--service-account-issuer",
                "https://kubernetes.default.svc",
                "--service-account-signing-key-file",
                pki.file("sa.key"),
                "--service-account-key-file",
                pki.file("sa.key"),
                "--service-cluster-ip-range",
                "10.96.0.0/16",
                "--allow-privileged=true",
                "--enable-admission-plugins",
                "NodeRestriction");
        this.server = ApiServer.start(options, ApiServer.ExtensionFactory.NONE, Clock.systemUTC());
        this.client = new ApiClient(
                URI.create(url()),
                Optional.of(ClientTls.trusting(Pem.certificates(
                                Files.readAllBytes(Path.of(pki.file("ca.crt"))), "the test's authority"))
                        .context()),
                () -> "admin-token");
        kubeconfig("admin", "admin-token");
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> client.read("/api/v1/namespaces/default").has("metadata"));
        client.create("/api/v1/namespaces/default/serviceaccounts", yaml("{metadata: {name: default}}"));
        client.create(
                "/api/v1/namespaces/default/configmaps",
                yaml("{metadata: {name: kube-root-ca.crt}, data: {ca.crt: "
                        + TextNode.valueOf(Files.readString(Path.of(pki.file("ca.crt")))) + "}}"));
        client.create(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                yaml(
                        "{metadata: {name: node-proxier}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:node-proxier'},"
                                + " subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:nodes'}]}"));
        client.create(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                yaml(
                        "{metadata: {name: kubelet-client}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:kubelet-api-admin'},"
                                + " subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: kube-apiserver-kubelet-client}]}"));
    }

    String url() {
        return "https://" + address + ":" + server.address().getPort();
    }

    int port() {
        return server.address().getPort();
    }

    ApiClient client() {
        return client;
    }

    /** Trusts what the test's authority signed. */
    javax.net.ssl.SSLContext trust() throws IOException {
        return ClientTls.trusting(
                        Pem.certificates(Files.readAllBytes(Path.of(pki.file("ca.crt"))), "the test's authority"))
                .context();
    }

    /** A kubeconfig with that token. */
    Path kubeconfig(String name, String token) throws IOException {
        return Files.writeString(
                directory.resolve(name + ".kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(url(), pki.file("ca.crt"), token));
    }

    /** The arguments of a node that has a serving certificate already. */
    List<String> nodeArguments(String name, String nodeAddress) throws IOException {
        pki.issue(name, "/O=system:nodes/CN=system:node:" + name, "IP:" + nodeAddress + ",DNS:" + name);
        return new ArrayList<>(List.of(
                "--kubeconfig",
                kubeconfig(name, name + "-token").toString(),
                "--no-instance-metadata",
                "--hostname-override",
                name,
                "--node-ip",
                nodeAddress,
                "--tls-cert-file",
                pki.file(name + ".crt"),
                "--tls-private-key-file",
                pki.file(name + ".key")));
    }

    /** Creates a pod of the default namespace out of its specification in YAML. */
    JsonNode pod(String name, String spec) throws IOException {
        JsonNode body =
                yaml("{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", labels: {app: " + name + "}}}");
        ((com.fasterxml.jackson.databind.node.ObjectNode) body).set("spec", yaml(spec));
        return client.create("/api/v1/namespaces/default/pods", body);
    }

    JsonNode pod(String name) throws IOException {
        return client.find("/api/v1/namespaces/default/pods/" + name).orElse(ApiClient.object());
    }

    String phase(String name) throws IOException {
        return pod(name).path("status").path("phase").asText("");
    }

    boolean ready(String name) throws IOException {
        for (JsonNode condition : pod(name).path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    boolean nodeReady(String name) throws IOException {
        for (JsonNode condition : client.find("/api/v1/nodes/" + name)
                .orElse(ApiClient.object())
                .path("status")
                .path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    void delete(String name) throws IOException {
        client.delete("/api/v1/namespaces/default/pods/" + name, ApiClient.object());
    }

    /** kubectl as the administrator; its output, or an exception with it. */
    String kubectl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "kubectl", "--kubeconfig", directory.resolve("admin.kubeconfig").toString()));
        command.addAll(List.of(arguments));
        return Shell.run(Map.of(), command.toArray(String[]::new));
    }

    static JsonNode yaml(String text) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(new Yaml().load(text));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not YAML: " + text, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        etcd.close();
    }
}
