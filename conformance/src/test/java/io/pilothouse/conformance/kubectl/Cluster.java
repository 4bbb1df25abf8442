package io.pilothouse.conformance.kubectl;

import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.conformance.Pki;
import io.pilothouse.controllers.ControllerManager;
import io.pilothouse.controllers.ControllerManagerOptions;
import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.scheduler.Scheduler;
import io.pilothouse.scheduler.SchedulerOptions;
import io.pilothouse.storage.testing.EtcdProcess;
import io.pilothouse.worker.NodeAgent;
import io.pilothouse.worker.config.NodeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** etcd, API server, controllers, scheduler and the nodes {@code node-a} and {@code node-b}, whose pods are simulated. */
final class Cluster implements AutoCloseable {
    static final List<String> NODES = List.of("node-a", "node-b");
    private final Path directory;
    private final Pki pki;
    private final EtcdProcess etcd;
    private final ApiServer server;
    private final Component controllers;
    private final Component scheduler;
    private final List<NodeAgent> nodes = new ArrayList<>();

    @CommandLine.Command
    private record Node(@CommandLine.Mixin NodeOptions options) {}

    Cluster(Path directory) throws Exception {
        this.directory = directory;
        pki = Pki.create(directory);
        etcd = EtcdProcess.start();
        server = serve();
        controllers = control();
        var scheduling = new SchedulerOptions();
        scheduling.client.kubeconfig = kubeconfig("scheduler", "default");
        scheduler = Scheduler.start(scheduling, Clock.systemUTC());
        for (String node : NODES) {
            nodes.add(node(node));
        }
    }

    /** The authority of the cluster. */
    Pki pki() {
        return pki;
    }

    private ApiServer serve() throws Exception {
        pki.issue("server", "/CN=kube-apiserver");
        var tokens = Files.writeString(directory.resolve("tokens"), """
                admin,admin,admin-uid,"system:masters"
                controllers,system:kube-controller-manager,controllers-uid
                scheduler,system:kube-scheduler,scheduler-uid
                node-a,system:node:node-a,node-a-uid,"system:nodes"
                node-b,system:node:node-b,node-b-uid,"system:nodes"
                """);
        var flags = "--secure-port=0 --bind-address=127.0.0.1 --authorization-mode=Node,RBAC --allow-privileged=true"
                + " --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=10.96.0.0/16"
                + " --enable-admission-plugins=NodeRestriction";
        var arguments = new ArrayList<>(List.of(flags.split(" ", -1)));
        arguments.addAll(List.of(
                "--etcd-servers=" + etcd.endpoint(),
                "--token-auth-file=" + tokens,
                "--tls-cert-file=" + pki.file("server.crt"),
                "--tls-private-key-file=" + pki.file("server.key"),
                "--client-ca-file=" + pki.file("ca.crt"),
                "--service-account-signing-key-file=" + pki.file("sa.key"),
                "--service-account-key-file=" + pki.file("sa.key")));
        var options = ApiServerOptions.parse(arguments.toArray(String[]::new));
        return ApiServer.start(options, ApiServer.ExtensionFactory.NONE, Clock.systemUTC());
    }

    private Component control() throws IOException {
        var options = new ControllerManagerOptions();
        options.client.kubeconfig = kubeconfig("controllers", "default");
        options.useServiceAccountCredentials = true;
        options.serviceAccountPrivateKeyFile = Path.of(pki.file("sa.key"));
        options.rootCaFile = Path.of(pki.file("ca.crt"));
        options.clusterSigningCertFile = Path.of(pki.file("ca.crt"));
        options.clusterSigningKeyFile = Path.of(pki.file("ca.key"));
        return ControllerManager.start(options, Clock.systemUTC());
    }

    private NodeAgent node(String name) throws Exception {
        pki.issue(name, "/O=system:nodes/CN=system:node:" + name);
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var options = new NodeOptions();
        new CommandLine(new Node(options))
                .parseArgs(
                        "--kubeconfig=" + kubeconfig(name, "default"),
                        "--no-instance-metadata",
                        "--hostname-override=" + name,
                        "--node-ip=127.0.0.1",
                        "--tls-cert-file=" + pki.file(name + ".crt"),
                        "--tls-private-key-file=" + pki.file(name + ".key"),
                        "--runtime=simulated",
                        "--root-dir=" + directory.resolve(name),
                        "--port=" + port);
        return NodeAgent.start(options, Optional.empty(), null, Map.of(), Clock.systemUTC());
    }

    /**
     * Writes a kubeconfig.
     *
     * @param token of the token file, the same as the name of its owner
     */
    Path kubeconfig(String token, String namespace) throws IOException {
        var file = directory.resolve(token + "-" + namespace + ".kubeconfig");
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u, namespace: %s}}]
                current-context: x
                """.formatted(server.address().getPort(), pki.file("ca.crt"), token, namespace));
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(NodeAgent::close);
        scheduler.close();
        controllers.close();
        server.close();
        etcd.close();
    }
}
