package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;

/** The conditions in a pod's status. */
public final class PodConditions {
    private PodConditions() {}

    /** A condition as the server sets it; reason and message may be empty. */
    public record Condition(String type, String status, String reason, String message) {}

    /** Sets a condition; the time of its last transition stays where its status does. */
    public static void set(ObjectNode pod, Condition condition, Instant now) {
        var conditions = pod.withObjectProperty("status").withArrayProperty("conditions");
        ObjectNode found = null;
        for (JsonNode present : conditions) {
            if (present.path("type").asText("").equals(condition.type())) {
                found = (ObjectNode) present;
                break;
            }
        }
        var target = found == null ? conditions.addObject() : found;
        boolean same = target.path("status").asText("").equals(condition.status());
        var since = target.get("lastTransitionTime");
        target.removeAll();
        target.put("type", condition.type()).put("status", condition.status()).putNull("lastProbeTime");
        if (same && since != null) {
            target.set("lastTransitionTime", since);
        } else {
            target.put("lastTransitionTime", ObjectMeta.format(now));
        }
        if (!condition.reason().isEmpty()) {
            target.put("reason", condition.reason());
        }
        if (!condition.message().isEmpty()) {
            target.put("message", condition.message());
        }
    }

    /** Whether a condition is true. */
    public static boolean holds(JsonNode pod, String type) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                return condition.path("status").asText("").equals("True");
            }
        }
        return false;
    }
}
