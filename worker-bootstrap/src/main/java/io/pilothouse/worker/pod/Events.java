package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.kube.ApiClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happens to pods. The same again is counted on the first event. A lost event is only logged. */
final class Events {
    private static final Logger log = LoggerFactory.getLogger(Events.class);
    private static final int REMEMBERED = 1000;
    private final ApiClient client;
    private final String node;
    private final Clock clock;
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    private record Seen(String name, int count) {}

    Events(ApiClient client, String node, Clock clock) {
        this.client = client;
        this.node = node;
        this.clock = clock;
    }

    void normal(JsonNode pod, String container, String reason, String message) {
        send(pod, container, "Normal", reason, message);
    }

    void warning(JsonNode pod, String container, String reason, String message) {
        send(pod, container, "Warning", reason, message);
    }

    private synchronized void send(JsonNode pod, String container, String type, String reason, String message) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String key = Pods.uid(pod) + "/" + container + "/" + reason + "/" + message;
        String events = "/api/v1/namespaces/" + Pods.namespace(pod) + "/events";
        Seen before = seen.get(key);
        try {
            if (before != null) {
                client.mergePatch(
                        events + "/" + before.name(),
                        ApiClient.object().put("count", before.count() + 1).put("lastTimestamp", now.toString()));
                seen.put(key, new Seen(before.name(), before.count() + 1));
                return;
            }
            ObjectNode event = ApiClient.object()
                    .put("apiVersion", "v1")
                    .put("kind", "Event")
                    .put("type", type)
                    .put("reason", reason)
                    .put("message", message)
                    .put("count", 1)
                    .put("firstTimestamp", now.toString())
                    .put("lastTimestamp", now.toString());
            String name = Pods.name(pod) + "." + Long.toHexString(clock.millis()) + Integer.toHexString(key.hashCode());
            event.putObject("metadata").put("name", name).put("namespace", Pods.namespace(pod));
            ObjectNode object = event.putObject("involvedObject")
                    .put("apiVersion", "v1")
                    .put("kind", "Pod")
                    .put("name", Pods.name(pod))
                    .put("namespace", Pods.namespace(pod))
                    .put("uid", Pods.uid(pod));
            if (!container.isEmpty()) {
                object.put("fieldPath", "spec.containers{" + container + "}");
            }
            event.putObject("source").put("component", "kubelet").put("host", node);
            event.put("reportingComponent", "kubelet").put("reportingInstance", node);
            client.create(events, event);
            seen.put(key, new Seen(name, 1));
            if (seen.size() > REMEMBERED) {
                seen.remove(seen.keySet().iterator().next());
            }
        } catch (IOException e) {
            seen.remove(key);
            log.atDebug()
                    .addKeyValue("reason", reason)
                    .addKeyValue("error", e.getMessage())
                    .log("event not stored");
        }
    }
}
