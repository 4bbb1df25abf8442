package io.pilothouse.controlplane;

import io.pilothouse.controlplane.endpoint.Balancer;
import io.pilothouse.controlplane.endpoint.Prober;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pilothouse endpoint}: a cluster's one address, balanced over its masters, until it is told to end. */
@Command(
        name = "endpoint",
        description = "Balances a cluster's endpoint over its masters",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class EndpointCommand implements Callable<Integer> {
    @Option(names = "--listen", required = true, description = "address:port")
    String listen;

    @Option(names = "--master", required = true, description = "address:port of a master; may be repeated")
    List<String> masters;

    @Option(names = "--ca-file", required = true, description = "who signed the masters' certificates")
    Path authority;

    @Option(
            names = "--max-connections",
            defaultValue = "10000",
            description = "further clients wait; default ${DEFAULT-VALUE}")
    int maxConnections;

    @Option(
            names = "--drain-seconds",
            defaultValue = "5",
            description = "how long connections may go on after SIGTERM; default ${DEFAULT-VALUE}")
    int drainSeconds;

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try {
            Balancer balancer = Balancer.start(
                    address(listen),
                    masters.stream().map(EndpointCommand::address).toList(),
                    new Prober(authority, 1500),
                    maxConnections,
                    Duration.ofMillis(500));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                try {
                                    balancer.drain(Duration.ofSeconds(drainSeconds));
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                balancer.close();
                                ended.countDown();
                            },
                            "shutdown"));
        } catch (IOException e) {
            System.err.println("endpoint: " + e.getMessage());
            return 1;
        }
        ended.await();
        return 0;
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
