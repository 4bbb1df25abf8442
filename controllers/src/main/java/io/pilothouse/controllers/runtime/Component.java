package io.pilothouse.controllers.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part that works through the API server, such as the controllers or the scheduler: it runs while this process holds its Lease, and only then holds caches. */
public final class Component implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Component.class);
    private final String name;
    private final KubernetesClient client;
    private final AutoCloseable running;

    /** Puts what the component consists of into the context of a term. */
    @FunctionalInterface
    public interface Parts {
        /** Called at the beginning of every term, before the caches are filled. */
        void join(ControllerContext context) throws Exception;
    }

    private Component(String name, KubernetesClient client, AutoCloseable running) {
        this.name = name;
        this.client = client;
        this.running = running;
    }

    /**
     * Starts to campaign; returns at once. Without leader election, returns when the parts run.
     *
     * @param name how its events are signed
     * @param problems what is wrong with its options
     * @throws IllegalArgumentException listing all problems, if there are any
     * @throws IOException if a file cannot be read
     */
    public static Component start(String name, ClientOptions options, List<String> problems, Clock clock, Parts parts)
            throws IOException {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        var client = options.connect();
        try {
            return new Component(name, client, options.lead(client, () -> work(name, client, clock, parts)));
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        } catch (Exception e) {
            client.close();
            throw new IOException(name + " cannot start", e);
        }
    }

    private static AutoCloseable work(String name, KubernetesClient client, Clock clock, Parts parts) throws Exception {
        var context = new ControllerContext(client, name, clock);
        try {
            parts.join(context);
            context.start();
        } catch (Exception e) {
            context.close();
            throw e;
        }
        LOG.atInfo().addKeyValue("component", name).log("runs");
        return context;
    }

    /** Ends the work, gives the Lease up and closes the connection. */
    @Override
    public void close() {
        try {
            running.close();
        } catch (Exception e) {
            LOG.atWarn().addKeyValue("component", name).setCause(e).log("did not end well");
        }
        client.close();
    }
}
