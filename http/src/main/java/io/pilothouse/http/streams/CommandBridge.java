package io.pilothouse.http.streams;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a client that we serve with a server that we ask: what the API server does with the newest kubectl and a kubelet. */
public final class CommandBridge {
    private static final Logger LOG = LoggerFactory.getLogger(CommandBridge.class);

    private CommandBridge() {}

    /**
     * Carries everything until the command ends or either side is gone; closes both. The two must agree on whether an outcome is a Status
     * (version 4 and later): connect with {@code Math.min(4, server.version())}.
     */
    public static void run(CommandServer server, CommandClient client) {
        try (server;
                client) {
            server.onDisconnect(client::close);
            Thread.startVirtualThread(() -> copy(server.stdin(), client.stdin()));
            Thread.startVirtualThread(() -> copy(server.resizeEvents(), client.resizeEvents()));
            Thread out = Thread.startVirtualThread(() -> pass(client.stdout(), server.stdout()));
            Thread err = Thread.startVirtualThread(() -> pass(client.stderr(), server.stderr()));
            byte[] outcome;
            try {
                outcome = client.awaitOutcome();
            } catch (IOException e) {
                outcome = failure(server.version(), "the connection to the node broke: " + e.getMessage());
            }
            out.join();
            err.join();
            server.finish(outcome);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("remote command's client went away");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] failure(int version, String message) {
        String text = message.replaceAll("[\"\\\\\\p{Cntrl}]", " ");
        String outcome = version < 4
                ? text
                : "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"" + text
                        + "\",\"reason\":\"InternalError\",\"code\":500}";
        return outcome.getBytes(StandardCharsets.UTF_8);
    }

    private static void copy(InputStream from, OutputStream to) {
        try (to) {
            from.transferTo(to);
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("remote command's input ended");
        }
    }

    private static void pass(InputStream from, OutputStream to) {
        try {
            from.transferTo(to);
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("remote command's output ended");
        }
    }
}
