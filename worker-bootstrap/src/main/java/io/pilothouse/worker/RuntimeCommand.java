package io.pilothouse.worker;

import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.worker.aws.InstanceMetadata;
import io.pilothouse.worker.aws.RoleToken;
import io.pilothouse.worker.config.ClusterAccess;
import io.pilothouse.worker.config.KubeConfig;
import io.pilothouse.worker.cri.Containerd;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.Credentials;
import io.pilothouse.worker.proxy.ServiceProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code pilothouse node runtime}: what a kubelet needs beside it on a node, and our agent has in it: containerd with a network for pods,
 * kept running, and services' addresses.
 */
@Command(
        name = "runtime",
        mixinStandardHelpOptions = true,
        description = "Runs containerd and services' addresses for an upstream kubelet.")
public final class RuntimeCommand implements Callable<Integer> {
    @Option(names = "--root-dir", required = true, description = "Files of the node.")
    private Path directory = Path.of("");

    @Option(names = "--socket", description = "Where containerd listens. Default: /run/containerd/containerd.sock.")
    private Path socket = Containerd.usualSocket(Path.of(""), true);

    @Option(names = "--node-ip", required = true, description = "The node's address.")
    private String nodeIp = "";

    @Option(names = "--node-name", required = true, description = "The node's name.")
    private String nodeName = "";

    @Option(names = "--cluster-dns", description = "The cluster's name server.")
    private String clusterDns = "";

    @Option(names = "--pod-cidr", required = true, description = "Addresses for pods.")
    private String podCidr = "";

    @Option(names = "--kubeconfig", description = "The cluster whose services' addresses lead to pods; none without.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--images",
            description = "Folder of image tarballs to import. Default: $PILOTHOUSE_HOME/.pilothouse/images.")
    private @Nullable Path images;

    @Override
    public Integer call() throws Exception {
        String missing = Containerd.missing();
        if (!missing.isEmpty()) {
            System.err.println("containerd can't be used: " + missing);
            return 1;
        }
        boolean instance =
                !System.getenv().getOrDefault("PILOTHOUSE_INSTANCE_ROOT", "").isEmpty();
        String home = System.getenv().getOrDefault("PILOTHOUSE_HOME", "");
        Containerd containerd = RuntimeChoice.containerd(
                Files.createDirectories(directory.resolve("containerd")),
                socket,
                instance,
                podCidr,
                images != null
                        ? Optional.of(images)
                        : home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home, ".pilothouse", "images")));
        RuntimeChoice.routePods(nodeIp);
        Optional<ServiceProxy> proxy = kubeconfig == null || Shell.find("nft").isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceProxy(client(kubeconfig), nodeName, nodeIp, clusterDns));
        LoggerFactory.getLogger(RuntimeCommand.class)
                .atInfo()
                .addKeyValue("socket", socket)
                .addKeyValue("services", proxy.isPresent())
                .log("container runtime ready");
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            proxy.ifPresent(ServiceProxy::close);
                            containerd.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        return 0;
    }

    private static ApiClient client(Path kubeconfig) throws IOException {
        Map<String, String> environment = System.getenv();
        ClusterAccess access = KubeConfig.read(kubeconfig);
        Clock clock = Clock.systemUTC();
        Credentials credentials = access.token().isEmpty()
                ? new RoleToken(
                        access.name(),
                        environment.getOrDefault("AWS_REGION", ""),
                        environment,
                        InstanceMetadata.ofEnvironment(clock),
                        clock)
                : access::token;
        List<X509Certificate> authorities = access.authorityPem().isEmpty()
                ? List.of()
                : Pem.certificates(access.authorityPem().getBytes(StandardCharsets.UTF_8), "the cluster's authority");
        Optional<SSLContext> tls = authorities.isEmpty()
                ? Optional.empty()
                : Optional.of(ClientTls.trusting(authorities).context());
        return new ApiClient(access.endpoint(), tls, credentials);
    }
}
