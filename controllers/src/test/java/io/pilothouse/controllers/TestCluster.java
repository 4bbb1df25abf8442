package io.pilothouse.controllers;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.controllers.certificates.ServingApproverPolicy;
import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A real etcd, a real API server and the controllers, with no more rights than upstream's policy grants each of them; there is no kubelet. */
final class TestCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Path directory;
    private final EtcdProcess etcd;
    private final ApiServer server;
    private final Component manager;
    private final KubernetesClient client;

    TestCluster(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        this(directory, options -> {});
    }

    /** @param change changes the controllers' options; the server aggregates others by their services' endpoints */
    TestCluster(Path directory, Consumer<ControllerManagerOptions> change)
            throws IOException, GeneralSecurityException, InterruptedException {
        this.directory = directory;
        Path tokens = Files.writeString(directory.resolve("tokens"), """
                tok,admin,admin-uid,"system:masters"
                mgr,system:kube-controller-manager,cm-uid
                node,system:node:worker,node-uid,"system:nodes"
                """);
        etcd = EtcdProcess.start();
        var key = KeyPairGenerator.getInstance("RSA");
        key.initialize(2048);
        var pair = key.generateKeyPair();
        var pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        Path keyFile = Files.writeString(
                directory.resolve("sa.key"), "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        var serving = ApiServerOptions.parse(
                "--etcd-servers",
                etcd.endpoint().toString(),
                "--secure-port",
                "0",
                "--token-auth-file",
                tokens.toString(),
                "--authorization-mode",
                "Node,RBAC",
                "--cert-dir",
                directory.toString(),
                "--service-account-issuer",
                "https://kubernetes.default.svc",
                "--service-account-signing-key-file",
                keyFile.toString(),
                "--service-account-key-file",
                keyFile.toString(),
                "--enable-aggregator-routing",
                "--service-cluster-ip-range",
                "10.96.0.0/16");
        server = ApiServer.start(
                serving,
                cluster -> new ApiServer.Extensions(List.of(), List.of(), ServingApproverPolicy.objects()),
                Clock.systemUTC());
        var options = new ControllerManagerOptions();
        options.client.kubeconfig = kubeconfig("mgr");
        options.useServiceAccountCredentials = true;
        options.serviceAccountPrivateKeyFile = keyFile;
        options.clusterSigningKeyFile = keyFile;
        options.clusterSigningCertFile = authority(pair);
        change.accept(options);
        manager = ControllerManager.start(options, Clock.systemUTC());
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig("tok").toFile()))
                .build();
    }

    private Path authority(KeyPair pair) throws IOException {
        var name = new X500Name("CN=test-ca");
        var now = Instant.now();
        try (var writer = new JcaPEMWriter(Files.newBufferedWriter(directory.resolve("ca.crt")))) {
            writer.writeObject(new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.ONE,
                            Date.from(now.minusSeconds(60)),
                            Date.from(now.plus(Duration.ofDays(30))),
                            name,
                            pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new IOException(e);
        }
        return directory.resolve("ca.crt");
    }

    /** A kubeconfig file for a token: {@code tok} is the administrator's, {@code node} that of the node "worker". */
    Path kubeconfig(String token) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig-" + token), """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """.formatted(
                        server.address().getPort(), token));
    }

    /** The administrator's. */
    KubernetesClient client() {
        return client;
    }

    /** The pods of a namespace by name. */
    List<Pod> pods(String namespace) {
        return client.pods().inNamespace(namespace).list().getItems().stream()
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    /** Makes a namespace and waits for its service account. */
    void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        await().atMost(PATIENCE)
                .until(() -> client.serviceAccounts()
                                .inNamespace(name)
                                .withName("default")
                                .get()
                        != null);
    }

    /** Says of a pod what a kubelet would: Running and ready, or Succeeded. */
    void becomes(Pod pod, String phase) {
        String ready = phase.equals("Running") ? "True" : "False";
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"status\":{\"phase\":\"" + phase + "\",\"conditions\":[{\"type\":\"Ready\",\"status\":\""
                                + ready + "\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}");
    }

    @Override
    public void close() {
        client.close();
        manager.close();
        server.close();
        try {
            etcd.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
