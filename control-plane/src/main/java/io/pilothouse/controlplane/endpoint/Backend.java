package io.pilothouse.controlplane.endpoint;

import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One master as the balancer sees it. Safe for many threads. */
final class Backend {
    private static final int FAILURES_TO_CUT = 4;
    private final InetSocketAddress address;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean healthy;
    private volatile int failures;

    Backend(InetSocketAddress address) {
        this.address = address;
    }

    InetSocketAddress address() {
        return address;
    }

    boolean healthy() {
        return healthy;
    }

    int load() {
        return connections.size();
    }

    void opened(SocketChannel upstream) {
        connections.add(upstream);
    }

    void closed(SocketChannel upstream) {
        connections.remove(upstream);
    }

    /** It refused a connection: no new one until it is found ready again. */
    void refused() {
        healthy = false;
    }

    /** What a probe found. One that keeps silent for several probes loses its connections: their clients would wait for ever. */
    synchronized void probed(boolean ready, boolean answered) {
        healthy = ready;
        failures = answered ? 0 : failures + 1;
        if (failures >= FAILURES_TO_CUT) {
            connections.forEach(Relay::quietly);
        }
    }
}
