package io.pilothouse.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of a server share: the handler, the bounds and who is in flight. */
final class ServerCore {
    /** A live connection, for draining. */
    interface Connection {
        /** Ends idle ones and tells the peer to go elsewhere. Any thread. */
        void drain();

        /** Closes at once. Any thread. */
        void kill();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServerCore.class);
    private final Handler handler;
    private final HttpLimits limits;
    private final ErrorRenderer errors;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final AtomicLong requestNumber = new AtomicLong();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> drainActions = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;
    private volatile Runnable handshakeFailed = () -> {};

    ServerCore(Handler handler, HttpLimits limits, ErrorRenderer errors) {
        this.handler = handler;
        this.limits = limits;
        this.errors = errors;
    }

    void onHandshakeFailure(Runnable callback) {
        handshakeFailed = callback;
    }

    void handshakeFailed() {
        handshakeFailed.run();
    }

    HttpLimits limits() {
        return limits;
    }

    ErrorRenderer errors() {
        return errors;
    }

    boolean draining() {
        return draining;
    }

    AtomicInteger connectionCount() {
        return connectionCount;
    }

    void opened(Connection connection) {
        connections.add(connection);
        if (draining) {
            connection.drain();
        }
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    /** Takes one of the places for requests in flight; false when all are taken. */
    boolean tryEnter() {
        if (inFlight.incrementAndGet() > limits.maxConcurrentRequests()) {
            leave();
            return false;
        }
        return true;
    }

    private void leave() {
        if (inFlight.decrementAndGet() == 0 && draining) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Runs the handler on a virtual thread; the place taken by {@link #tryEnter} is given back after it. */
    void run(NettyExchange exchange) {
        Thread.ofVirtual().name("http-" + requestNumber.incrementAndGet()).start(() -> {
            try {
                handle(exchange);
            } finally {
                leave();
            }
        });
    }

    private void handle(NettyExchange exchange) {
        try {
            handler.handle(exchange);
            if (!exchange.responded()) {
                throw new IllegalStateException("the handler gave no answer");
            }
        } catch (BodyTooLargeException e) {
            exchange.fault(413, String.valueOf(e.getMessage()));
        } catch (BodyTimeoutException e) {
            exchange.fault(408, "Request Timeout");
        } catch (MalformedRequestException e) {
            exchange.fault(400, String.valueOf(e.getMessage()));
        } catch (UpgradeException e) {
            exchange.fault(e.status(), String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            if (e instanceof IOException && exchange.disconnected()) {
                LOG.atDebug()
                        .addKeyValue("path", exchange.rawPath())
                        .setCause(e)
                        .log("client went away");
            } else {
                LOG.atError()
                        .addKeyValue("method", exchange.method())
                        .addKeyValue("path", exchange.rawPath())
                        .setCause(e)
                        .log("request handler failed");
            }
            exchange.fault(500, "Internal Server Error");
        } finally {
            exchange.finish();
        }
    }

    /** Registers what to run when draining begins; at once if it has. Closing the result takes it back. */
    AutoCloseable onDrain(Runnable action) {
        Runnable entry = () -> Thread.startVirtualThread(action);
        drainActions.add(entry);
        if (draining && drainActions.remove(entry)) {
            entry.run();
        }
        return () -> drainActions.remove(entry);
    }

    /** Lets what is in flight end, for so long; then kills the connections that are left. */
    void drain(Duration grace) throws InterruptedException {
        draining = true;
        connections.forEach(Connection::drain);
        for (Runnable action : List.copyOf(drainActions)) {
            if (drainActions.remove(action)) {
                action.run();
            }
        }
        long deadline = System.nanoTime() + grace.toNanos();
        synchronized (this) {
            while (inFlight.get() > 0) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    break;
                }
                wait(Math.min(millis, 100));
            }
        }
        while (!connections.isEmpty() && inFlight.get() == 0 && System.nanoTime() < deadline) {
            Thread.sleep(5); // answers that are still on their way out; no event tells of the last one
        }
        killAll();
    }

    void killAll() {
        draining = true;
        connections.forEach(Connection::kill);
    }
}
