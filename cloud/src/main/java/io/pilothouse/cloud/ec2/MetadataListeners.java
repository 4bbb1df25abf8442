package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.protocol.AwsHttpHandler;
import io.pilothouse.http.Handler;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where instances reach the metadata service: at its well-known address on the bridge where that is free on this host, else at the gateway
 * or on loopback, of which instances are told by AWS_EC2_METADATA_SERVICE_ENDPOINT.
 */
public final class MetadataListeners implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetadataListeners.class);
    private final VpcNetwork network;
    private final List<HttpServer> servers = new ArrayList<>();
    private boolean wellKnown;

    private MetadataListeners(VpcNetwork network) {
        this.network = network;
    }

    /**
     * Starts to listen.
     *
     * @param regionPort the region's own port; without a network of its own the metadata service takes the next one, so that instances find it
     *     again after a restart of the region; 0 for any
     */
    public static MetadataListeners start(VpcNetwork network, MetadataService service, int regionPort)
            throws IOException {
        MetadataListeners listeners = new MetadataListeners(network);
        Handler handler = exchange -> AwsHttpHandler.send(exchange, service.handle(AwsHttpHandler.request(exchange)));
        if (network.isolated() && network.claimMetadataAddress()) {
            try {
                listeners.servers.add(HttpServer.start(
                        HttpServerConfig.of(new InetSocketAddress(VpcNetwork.METADATA_ADDRESS, 80)), handler));
                listeners.wellKnown = true;
            } catch (IOException e) {
                log.atWarn()
                        .addKeyValue("error", e.getMessage())
                        .log("metadata address is in use; instances get another endpoint");
            }
        }
        if (!listeners.wellKnown) {
            int wanted = network.isolated() ? 80 : regionPort == 0 ? 0 : regionPort + 1;
            listeners.servers.add(lasting(network, wanted, handler));
        }
        return listeners;
    }

    private static HttpServer lasting(VpcNetwork network, int wanted, Handler handler) throws IOException {
        try {
            return HttpServer.start(HttpServerConfig.of(new InetSocketAddress(network.hostAddress(), wanted)), handler);
        } catch (IOException taken) {
            log.atWarn()
                    .addKeyValue("port", wanted)
                    .log("the metadata port is in use: instances that run already lose their credentials");
            return HttpServer.start(HttpServerConfig.of(new InetSocketAddress(network.hostAddress(), 0)), handler);
        }
    }

    /** The endpoint that an instance must be told of, which ends with a slash, because some AWS CLIs add none; empty when it is the well-known one. */
    public Optional<String> endpoint(String instanceId) {
        if (wellKnown) {
            return Optional.empty();
        }
        InetSocketAddress address = servers.getFirst().address();
        String base = "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
        return Optional.of(network.isolated() ? base + "/" : base + "/i/" + instanceId + "/");
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }
}
