package io.pilothouse.worker;

import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.worker.aws.InstanceMetadata;
import io.pilothouse.worker.aws.RoleToken;
import io.pilothouse.worker.config.ClusterAccess;
import io.pilothouse.worker.config.KubeConfig;
import io.pilothouse.worker.config.NodeConfig;
import io.pilothouse.worker.config.NodeOptions;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.Credentials;
import io.pilothouse.worker.node.NodePresence;
import io.pilothouse.worker.node.RuntimeInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The agent's parts, put together. */
public final class NodeAgent implements AutoCloseable {
    private final NodePresence presence;

    private NodeAgent(NodePresence presence) {
        this.presence = presence;
    }

    /**
     * Starts everything.
     *
     * @param metadata null for a machine that is no instance
     * @throws IllegalArgumentException for wrong options
     * @throws IOException when the machine is not fit
     */
    public static NodeAgent start(
            NodeOptions options, Optional<NodeConfig> config, @Nullable InstanceMetadata metadata, Map<String, String> environment, Clock clock)
            throws IOException {
        ClusterAccess access = config.isPresent() ? config.get().access() : KubeConfig.read(java.util.Objects.requireNonNull(options.kubeconfig));
        NodeSettings settings = options.settings(metadata, config, environment);
        List<X509Certificate> authorities = access.authorityPem().isEmpty()
                ? List.of()
                : Pem.certificates(access.authorityPem().getBytes(StandardCharsets.UTF_8), "the cluster's authority");
        Credentials credentials = access.token().isEmpty()
                ? new RoleToken(access.name(), settings.identity().region(), environment, metadata, clock)
                : access::token;
        Optional<SSLContext> tls = authorities.isEmpty() ? Optional.empty() : Optional.of(ClientTls.trusting(authorities).context());
        ApiClient client = new ApiClient(access.endpoint(), tls, credentials);
        RuntimeInfo runtime = new RuntimeInfo("simulated://1", true, "pods do not really run", true);
        return new NodeAgent(new NodePresence(client, settings, () -> runtime, clock));
    }

    @Override
    public void close() {
        presence.close();
    }
}
