package io.pilothouse.scheduler;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.controllers.ControllerManager;
import io.pilothouse.controllers.ControllerManagerOptions;
import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** A real etcd, a real API server, the controllers and the scheduler, each with the rights that upstream's policy grants it; there is no kubelet. */
final class SchedulerCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path directory;
    private final EtcdProcess etcd;
    private final ApiServer server;
    private final Component manager;
    private final Component scheduler;
    private final KubernetesClient client;

    SchedulerCluster(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        this.directory = directory;
        Path tokens = Files.writeString(directory.resolve("tokens"), """
                tok,admin,admin-uid,"system:masters"
                mgr,system:kube-controller-manager,cm-uid
                sched,system:kube-scheduler,sched-uid
                """);
        etcd = EtcdProcess.start();
        var key = KeyPairGenerator.getInstance("RSA");
        key.initialize(2048);
        var pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.generateKeyPair().getPrivate().getEncoded());
        Path keyFile = Files.writeString(
                directory.resolve("sa.key"), "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        var serving = ApiServerOptions.parse(
                "--etcd-servers=" + etcd.endpoint(),
                "--secure-port=0",
                "--token-auth-file=" + tokens,
                "--authorization-mode=Node,RBAC",
                "--cert-dir=" + directory,
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + keyFile,
                "--service-account-key-file=" + keyFile,
                "--service-cluster-ip-range=10.96.0.0/16");
        server = ApiServer.start(serving, ApiServer.ExtensionFactory.NONE, Clock.systemUTC());
        var options = new ControllerManagerOptions();
        options.client.kubeconfig = kubeconfig("mgr");
        options.useServiceAccountCredentials = true;
        options.pvclaimbinderSyncPeriod = "1s";
        options.nodeMonitorGracePeriod = "1h"; // nobody reports for the nodes
        manager = ControllerManager.start(options, Clock.systemUTC());
        var scheduling = new SchedulerOptions();
        scheduling.client.kubeconfig = kubeconfig("sched");
        scheduler = Scheduler.start(scheduling, Clock.systemUTC());
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig("tok").toFile()))
                .build();
    }

    private Path kubeconfig(String token) throws IOException {
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

    KubernetesClient client() {
        return client;
    }

    void make(String yaml) {
        client.resource((HasMetadata) client.getKubernetesSerialization().unmarshal(yaml))
                .create();
    }

    /** A node that is ready, with a label of its name and of its zone, and that much of the processor. */
    void node(String name, String zone, String cpu) {
        String yaml = """
                apiVersion: v1
                kind: Node
                metadata: {name: %s, labels: {kubernetes.io/hostname: %s, topology.kubernetes.io/zone: %s}}
                status:
                  allocatable: {cpu: "%s", memory: 4Gi, pods: "20"}
                  capacity: {cpu: "%s", memory: 4Gi, pods: "20"}
                  conditions: [{type: Ready, status: "True", reason: Test, lastHeartbeatTime: "2126-01-01T00:00:00Z"}]
                """.formatted(name, name, zone, cpu, cpu);
        make(yaml);
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

    Optional<Pod> pod(String namespace, String name) {
        return Optional.ofNullable(
                client.pods().inNamespace(namespace).withName(name).get());
    }

    /** Where a pod was placed, once it was. */
    String placed(String namespace, String name) {
        return await().atMost(PATIENCE)
                .until(
                        () -> pod(namespace, name)
                                .map(pod -> pod.getSpec().getNodeName())
                                .orElse(""),
                        node -> !node.isEmpty());
    }

    /** What a pod's condition says of why it is not placed; empty if nothing. */
    String complaint(String namespace, String name) {
        return pod(namespace, name).stream()
                .flatMap(pod -> pod.getStatus().getConditions().stream())
                .filter(condition -> condition.getType().equals("PodScheduled"))
                .map(PodCondition::getMessage)
                .filter(message -> message != null)
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        client.close();
        scheduler.close();
        manager.close();
        server.close();
        try {
            etcd.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
