package io.pilothouse.worker;

import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.worker.aws.InstanceMetadata;
import io.pilothouse.worker.aws.RoleToken;
import io.pilothouse.worker.config.ClusterAccess;
import io.pilothouse.worker.config.KubeConfig;
import io.pilothouse.worker.config.NodeConfig;
import io.pilothouse.worker.config.NodeOptions;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.Credentials;
import io.pilothouse.worker.node.NodePresence;
import io.pilothouse.worker.node.Pressure;
import io.pilothouse.worker.node.RuntimeInfo;
import io.pilothouse.worker.node.ServingCertificate;
import io.pilothouse.worker.pod.PodManager;
import io.pilothouse.worker.proxy.ServiceProxy;
import io.pilothouse.worker.server.NodeServer;
import io.pilothouse.worker.server.ServingLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The agent's parts, put together. */
public final class NodeAgent implements AutoCloseable {
    private final List<AutoCloseable> parts;

    private NodeAgent(List<AutoCloseable> parts) {
        this.parts = parts;
    }

    /**
     * Starts everything.
     *
     * @param metadata null for a machine that is no instance
     * @throws IllegalArgumentException for wrong options
     * @throws IOException when the machine is not fit
     */
    public static NodeAgent start(
            NodeOptions options,
            Optional<NodeConfig> config,
            @Nullable InstanceMetadata metadata,
            Map<String, String> environment,
            Clock clock)
            throws IOException, InterruptedException {
        ClusterAccess access = config.isPresent()
                ? config.get().access()
                : KubeConfig.read(Objects.requireNonNull(options.kubeconfig));
        NodeSettings settings = options.settings(metadata, config, environment);
        Files.createDirectories(settings.directory());
        List<X509Certificate> authorities = access.authorityPem().isEmpty()
                ? List.of()
                : Pem.certificates(access.authorityPem().getBytes(StandardCharsets.UTF_8), "the cluster's authority");
        Credentials credentials = access.token().isEmpty()
                ? new RoleToken(access.name(), settings.identity().region(), environment, metadata, clock)
                : access::token;
        Optional<SSLContext> tls = authorities.isEmpty()
                ? Optional.empty()
                : Optional.of(ClientTls.trusting(authorities).context());
        ApiClient client = new ApiClient(access.endpoint(), tls, credentials);
        Optional<TlsConfig> given = options.tlsCertificate == null || options.tlsKey == null
                ? Optional.empty()
                : Optional.of(TlsConfig.fromPem(options.tlsCertificate, options.tlsKey));
        RuntimeChoice choice = RuntimeChoice.make(options, settings, environment, clock);
        ContainerRuntime runtime = choice.runtime();
        NodePresence presence = new NodePresence(client, settings, () -> info(choice, settings.directory()), clock);
        PodManager pods = new PodManager(client, runtime, settings, clock);
        ServingCertificate certificates = new ServingCertificate(
                client, settings.identity(), settings.directory().resolve("pki"), clock);
        NodeServer server = new NodeServer(
                pods, runtime, client, authorities, settings.identity().name(), clock);
        ServingLoop serving = new ServingLoop(
                new InetSocketAddress(settings.identity().address(), settings.port()),
                authorities,
                certificates,
                given,
                server,
                clock);
        List<AutoCloseable> parts = new ArrayList<>(List.of(presence, pods, serving, runtime));
        choice.own().ifPresent(parts::add);
        if (options.serviceProxy && !runtime.simulated() && Shell.find("nft").isPresent()) {
            parts.add(new ServiceProxy(
                    client, settings.identity().name(), settings.identity().address(), settings.clusterDns()));
        }
        return new NodeAgent(List.copyOf(parts));
    }

    private static RuntimeInfo info(RuntimeChoice choice, Path directory) {
        Pressure pressure = new Pressure(false, false, false);
        try {
            pressure = Pressure.now(directory);
            return new RuntimeInfo(
                    choice.runtime().version(),
                    choice.runtime().simulated(),
                    choice.note(),
                    choice.runtime().notReady().isEmpty(),
                    pressure);
        } catch (IOException e) {
            return new RuntimeInfo("containerd://unknown", false, choice.note(), false, pressure);
        }
    }

    /** Stops the agent; the pods go on, for the next one to take over. */
    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(NodeAgent.class)
                        .atWarn()
                        .setCause(e)
                        .log("part did not close");
            }
        }
    }
}
