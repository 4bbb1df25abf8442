package io.pilothouse.worker.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.UpgradeClient;
import io.pilothouse.http.streams.CommandBridge;
import io.pilothouse.http.streams.CommandClient;
import io.pilothouse.http.streams.CommandOptions;
import io.pilothouse.http.streams.CommandServer;
import io.pilothouse.http.streams.ForwardedConnection;
import io.pilothouse.http.streams.PortForwardClient;
import io.pilothouse.http.streams.PortForwardServer;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins clients with the runtime's streaming server. */
final class PodStreams {
    private static final Logger log = LoggerFactory.getLogger(PodStreams.class);
    private static final int NEWEST_SPDY = 4;
    private final ContainerRuntime runtime;
    private final UpgradeClient client = new UpgradeClient(Optional.empty(), Duration.ofSeconds(30));

    PodStreams(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    /** The newest sandbox of a pod. */
    Optional<Sandbox> sandbox(JsonNode pod) throws IOException {
        String uid = pod.path("metadata").path("uid").asText();
        return runtime.sandboxes().stream()
                .filter(s -> s.uid().equals(uid))
                .max(Comparator.comparingInt(Sandbox::attempt));
    }

    /** A container's runs, newest first. */
    List<Container> runs(JsonNode pod, String name) throws IOException {
        Optional<Sandbox> sandbox = sandbox(pod);
        return sandbox.isEmpty()
                ? List.of()
                : runtime.containers(sandbox.get().id()).stream()
                        .filter(c -> c.name().equals(name))
                        .sorted(Comparator.comparingInt(Container::attempt).reversed())
                        .toList();
    }

    /** An exec, or with no command an attach. */
    void command(Exchange exchange, String containerId, List<String> command, CommandOptions options)
            throws IOException {
        URI target = runtime.stream(
                containerId, command, options.tty(), options.stdin(), options.stdout(), options.stderr());
        CommandServer server = CommandServer.accept(exchange, options);
        CommandClient towards = CommandClient.connect(
                client,
                address(target),
                target.getHost(),
                path(target),
                options,
                Math.min(NEWEST_SPDY, server.version()));
        CommandBridge.run(server, towards);
    }

    /** A port-forward, until the client goes. */
    void forward(Exchange exchange, String sandboxId) throws IOException, InterruptedException {
        URI target = runtime.portForward(sandboxId);
        try (PortForwardServer server = PortForwardServer.accept(exchange);
                PortForwardClient towards =
                        PortForwardClient.connect(client, address(target), target.getHost(), path(target))) {
            while (server.isOpen()) {
                server.next(Duration.ofSeconds(10)).ifPresent(c -> Thread.startVirtualThread(() -> join(c, towards)));
            }
        }
    }

    private static void join(ForwardedConnection connection, PortForwardClient towards) {
        try (connection;
                ForwardedConnection pod = towards.open(connection.port())) {
            Thread up = Thread.startVirtualThread(() -> copy(connection.input(), pod.output()));
            Thread down = Thread.startVirtualThread(() -> copy(pod.input(), connection.output()));
            String failure = pod.awaitError();
            if (!failure.isEmpty()) {
                connection.fail(failure);
                return;
            }
            down.join();
            up.interrupt();
        } catch (IOException e) {
            log.atDebug().addKeyValue("error", e.getMessage()).log("forwarded connection broke");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try (to) {
            from.transferTo(to);
        } catch (IOException e) {
            log.atTrace().addKeyValue("error", e.getMessage()).log("forwarded connection ended");
        }
    }

    private static InetSocketAddress address(URI target) {
        return new InetSocketAddress(target.getHost(), target.getPort());
    }

    private static String path(URI target) {
        return target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
    }
}
