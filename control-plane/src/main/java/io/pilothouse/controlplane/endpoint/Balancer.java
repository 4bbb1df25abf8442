package io.pilothouse.controlplane.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Balances TCP connections over masters: a new one goes to the ready master with the fewest; when that refuses, the next is tried before
 * the client has noticed. Virtual threads, two a connection; the number of connections is bounded, and clients beyond it wait to be accepted.
 */
public final class Balancer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Balancer.class);
    private static final int CONNECT_MILLIS = 1000;
    private final ServerSocketChannel listener;
    private final List<Backend> backends;
    private final Prober prober;
    private final Semaphore slots;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    private Balancer(ServerSocketChannel listener, List<Backend> backends, Prober prober, int maxConnections) {
        this.listener = listener;
        this.backends = backends;
        this.prober = prober;
        this.slots = new Semaphore(maxConnections);
    }

    /** Listens and probes. */
    public static Balancer start(
            InetSocketAddress listen,
            List<InetSocketAddress> masters,
            Prober prober,
            int maxConnections,
            Duration probeEvery)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(listen, 1024);
        } catch (IOException e) {
            listener.close();
            throw new IOException("cannot listen on " + listen, e);
        }
        Balancer balancer =
                new Balancer(listener, masters.stream().map(Backend::new).toList(), prober, maxConnections);
        for (Backend backend : balancer.backends) {
            Thread.ofVirtual().name("probe-" + backend.address()).start(() -> balancer.probe(backend, probeEvery));
        }
        Thread.ofPlatform().name("accept").start(balancer::accept);
        return balancer;
    }

    /** Where it listens. */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    private void probe(Backend backend, Duration every) {
        while (!draining) {
            Prober.Result result = prober.probe(backend.address());
            if (result.ready() != backend.healthy()) {
                log.atInfo()
                        .addKeyValue("master", backend.address())
                        .addKeyValue("ready", result.ready())
                        .log("master changed");
            }
            backend.probed(result.ready(), result.answered());
            try {
                Thread.sleep(every);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void accept() {
        while (!draining) {
            try {
                slots.acquire();
                SocketChannel client = listener.accept();
                clients.add(client);
                Thread.ofVirtual().name("relay").start(() -> serve(client));
            } catch (IOException e) {
                slots.release();
                if (!draining) {
                    log.atWarn().setCause(e).log("accept failed");
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            for (Backend backend : candidates()) {
                SocketChannel upstream = connect(backend);
                if (upstream != null) {
                    backend.opened(upstream);
                    try {
                        Relay.run(client, upstream);
                    } finally {
                        backend.closed(upstream);
                    }
                    return;
                }
            }
            log.atDebug().log("no master takes connections");
        } catch (IOException e) {
            log.atDebug().setCause(e).log("client gone");
        } finally {
            Relay.quietly(client);
            clients.remove(client);
            slots.release();
        }
    }

    /** The ready ones by load, then the others: when all look bad the probes may be what is wrong. */
    private List<Backend> candidates() {
        List<Backend> all = new ArrayList<>(backends);
        all.sort(Comparator.comparing((Backend b) -> !b.healthy()).thenComparingInt(Backend::load));
        return all;
    }

    private static @org.jspecify.annotations.Nullable SocketChannel connect(Backend backend) {
        SocketChannel upstream = null;
        try {
            upstream = SocketChannel.open();
            upstream.socket().connect(backend.address(), CONNECT_MILLIS);
            upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            upstream.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            return upstream;
        } catch (IOException e) {
            backend.refused();
            if (upstream != null) {
                Relay.quietly(upstream);
            }
            return null;
        }
    }

    /** Accepts no more, and waits at most that long for the connections to end. */
    public void drain(Duration grace) throws InterruptedException {
        draining = true;
        Relay.quietly(listener);
        long deadline = System.nanoTime() + grace.toNanos();
        while (!clients.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
    }

    /** Ends all connections. */
    @Override
    public void close() {
        draining = true;
        Relay.quietly(listener);
        clients.forEach(Relay::quietly);
    }
}
