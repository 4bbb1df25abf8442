package io.pilothouse.worker.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.ApiException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the node, and says that it lives: a lease every 10 seconds, the status every 5 minutes and when it changes, here or by another hand. One
 * thread.
 */
public final class NodePresence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodePresence.class);
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration STATUS = Duration.ofMinutes(5);
    private static final int LEASE_SECONDS = 40;
    private final ApiClient client;
    private final NodeSettings settings;
    private final Supplier<RuntimeInfo> runtime;
    private final Clock clock;
    private final NodeObject nodes;
    private final Thread thread;
    private Optional<RuntimeInfo> told = Optional.empty();
    private JsonNode conditions = MissingNode.getInstance();
    private Instant since = Instant.EPOCH;
    private Instant toldAt = Instant.EPOCH;

    /** Starts at once. */
    public NodePresence(ApiClient client, NodeSettings settings, Supplier<RuntimeInfo> runtime, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.runtime = runtime;
        this.clock = clock;
        this.nodes = new NodeObject(settings);
        this.thread = Thread.ofVirtual().name("node-presence").start(this::run);
    }

    private String path() {
        return "/api/v1/nodes/" + settings.identity().name();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Duration pause = RENEW;
            try {
                beat();
            } catch (IOException | RuntimeException e) {
                log.atWarn().addKeyValue("error", e.toString()).log("the node could not report");
                pause = RETRY;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void beat() throws IOException {
        RuntimeInfo now = runtime.get();
        Instant time = clock.instant();
        boolean changed = !told.equals(Optional.of(now));
        if (changed || Duration.between(toldAt, time).compareTo(STATUS) >= 0) {
            since = changed ? time : since;
            report(now, time);
            told = Optional.of(now);
            toldAt = time;
        }
        renew(time);
        Optional<JsonNode> present = client.find(path());
        if (present.isEmpty() || !stands(present.get())) {
            told = Optional.empty(); // deleted, or taken for unknown while nothing came from here: tell again
        }
    }

    /** Whether the node's conditions are as they were told. */
    private boolean stands(JsonNode node) {
        Map<String, String> present = statuses(node.path("status").path("conditions"));
        return statuses(conditions).entrySet().stream()
                .allMatch(told -> told.getValue().equals(present.get(told.getKey())));
    }

    private static Map<String, String> statuses(JsonNode conditions) {
        Map<String, String> byType = new HashMap<>();
        conditions.forEach(
                one -> byType.put(one.path("type").asText(), one.path("status").asText()));
        return byType;
    }

    private void report(RuntimeInfo now, Instant time) throws IOException {
        if (client.find(path()).isEmpty()) {
            ObjectNode node = nodes.create(now, time);
            ((ObjectNode) node.get("metadata").get("annotations"))
                    .remove(NodeObject.SIMULATED); // set by the patch that follows, or null
            ((ObjectNode) node.get("metadata").get("labels")).remove(NodeObject.SIMULATED);
            client.create("/api/v1/nodes", node);
            log.atInfo().addKeyValue("node", settings.identity().name()).log("registered");
        }
        client.mergePatch(path(), ApiClient.object().set("metadata", nodes.metadata(now)));
        ObjectNode status = nodes.status(now, time, since);
        client.strategicPatch(path() + "/status", ApiClient.object().set("status", status));
        conditions = status.path("conditions");
    }

    private void renew(Instant time) throws IOException {
        String name = settings.identity().name();
        String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        ObjectNode spec = ApiClient.object()
                .put("holderIdentity", name)
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", MICRO.format(time));
        try {
            client.mergePatch(leases + "/" + name, ApiClient.object().set("spec", spec));
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
            JsonNode node = client.read(path());
            ObjectNode lease = ApiClient.object()
                    .put("apiVersion", "coordination.k8s.io/v1")
                    .put("kind", "Lease");
            lease.putObject("metadata")
                    .put("name", name)
                    .putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Node")
                    .put("name", name)
                    .put("uid", node.path("metadata").path("uid").asText());
            lease.set("spec", spec);
            client.create(leases, lease);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
