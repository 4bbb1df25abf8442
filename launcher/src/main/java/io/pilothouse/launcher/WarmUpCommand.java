package io.pilothouse.launcher;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.pilothouse.apiserver.flags.FlagSet;
import io.pilothouse.apiserver.flags.Program;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.controllers.ControllerManager;
import io.pilothouse.controllers.ControllerManagerOptions;
import io.pilothouse.scheduler.Scheduler;
import io.pilothouse.scheduler.SchedulerOptions;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code pilothouse warm-up}: a master over an etcd of its own, for the seconds that it takes to place the pods of some deployments. The
 * JVM's ahead-of-time cache (JEP 483, 514, 515) is recorded from it, so that real masters start with loaded classes and profiles. With
 * {@code --alone} only the API server runs, and answers requests of every kind: what is recorded is resident in every process that uses it, so one
 * that needs less has a cache of its own. Leaves nothing.
 */
final class WarmUpCommand {
    static final String NAME = "warm-up";
    static final String DESCRIPTION =
            "Runs a small master for some seconds, to record the JVM's ahead-of-time cache from";

    private static final int PATIENCE_SECONDS = 60;
    private static final int REPEATS = 5;
    private static final String TOKEN = "warm-up";

    private boolean alone;

    /** Runs it with what follows its name. @return the process's exit code */
    int run(String... arguments) {
        var flags = new FlagSet("pilothouse " + NAME);
        flags.truth("--alone", false, value -> alone = value, "Only the API server");
        return new Program(flags, DESCRIPTION, ApiServerCommand.VERSION).run(arguments, this::serve);
    }

    private int serve() throws Exception {
        readCommandLines();
        Path directory = Files.createTempDirectory("pilothouse-warm-up-");
        try (var etcd = EtcdProcess.start();
                var server = ApiServer.start(
                        apiServer(directory, etcd), ApiServer.ExtensionFactory.NONE, Clock.systemUTC())) {
            if (alone) {
                SampleRequests.send(server.address().getPort(), directory.resolve("apiserver.crt"), TOKEN);
            } else {
                work(kubeconfig(directory, server));
            }
        } finally {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return 0;
    }

    /** As the parts do that start with what is recorded; none of them starts. */
    private void readCommandLines() {
        new ApiServerCommand(Verbosity::set).run("--version");
        if (!alone) {
            new MasterCommand().run("--version");
            Parts.run("controller-manager", "--version");
        }
    }

    @SuppressWarnings("try") // the controllers and the scheduler only have to run
    private static void work(Path kubeconfig) throws IOException {
        var controllers = new ControllerManagerOptions();
        controllers.client.kubeconfig = kubeconfig;
        var scheduler = new SchedulerOptions();
        scheduler.client.kubeconfig = kubeconfig;
        try (var managing = ControllerManager.start(controllers, Clock.systemUTC());
                var placing = Scheduler.start(scheduler, Clock.systemUTC());
                var client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build()) {
            use(client);
        }
    }

    private static ApiServerOptions apiServer(Path directory, EtcdProcess etcd) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        var key = Files.writeString(
                        directory.resolve("sa.key"),
                        "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n")
                .toString();
        var tokens = Files.writeString(directory.resolve("tokens"), TOKEN + ",warm-up,1,\"system:masters\"\n")
                .toString();
        return ApiServerOptions.parse(
                "--etcd-servers",
                etcd.endpoint().toString(),
                "--secure-port",
                "0",
                "--cert-dir",
                directory.toString(),
                "--token-auth-file",
                tokens,
                "--authorization-mode",
                "Node,RBAC",
                "--service-account-issuer",
                "https://kubernetes.default.svc",
                "--service-account-signing-key-file",
                key,
                "--service-account-key-file",
                key,
                "--service-cluster-ip-range",
                "10.100.0.0/16",
                "--enable-admission-plugins",
                "NodeRestriction");
    }

    private static Path kubeconfig(Path directory, ApiServer server) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """.formatted(
                        server.address().getPort(), directory.resolve("apiserver.crt"), TOKEN));
    }

    private static void use(KubernetesClient client) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("warm")
                        .addToLabels("kubernetes.io/hostname", "warm")
                        .endMetadata()
                        .build())
                .create();
        var node = client.nodes().withName("warm").get();
        node.setStatus(new NodeBuilder()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .withAllocatable(
                        Map.of("cpu", new Quantity("8"), "memory", new Quantity("8Gi"), "pods", new Quantity("50")))
                .endStatus()
                .build()
                .getStatus());
        client.nodes().resource(node).updateStatus();
        client.serviceAccounts()
                .inNamespace("default")
                .withName("default")
                .waitUntilCondition(account -> account != null, PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (int i = 0; i < REPEATS; i++) {
            var labels = Map.of("app", "warm-" + i);
            var deployment = new DeploymentBuilder()
                    .withNewMetadata()
                    .withNamespace("default")
                    .withName("warm-" + i)
                    .endMetadata()
                    .withNewSpec()
                    .withReplicas(2)
                    .withNewSelector()
                    .withMatchLabels(labels)
                    .endSelector()
                    .withNewTemplate()
                    .withNewMetadata()
                    .withLabels(labels)
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("c")
                    .withImage("i:1")
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build();
            client.resource(deployment).create();
            client.pods()
                    .inNamespace("default")
                    .withLabels(labels)
                    .waitUntilCondition(
                            pod -> pod != null && pod.getSpec().getNodeName() != null,
                            PATIENCE_SECONDS,
                            TimeUnit.SECONDS);
            client.resource(deployment).scale(1);
        }
    }
}
