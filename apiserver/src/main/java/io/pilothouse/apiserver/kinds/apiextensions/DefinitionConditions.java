package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;
import java.util.Optional;

/** The conditions of a CustomResourceDefinition's status. */
public final class DefinitionConditions {
    public static final String ESTABLISHED = "Established";
    public static final String NAMES_ACCEPTED = "NamesAccepted";
    public static final String TERMINATING = "Terminating";
    /** Holds a definition until its objects are gone. */
    public static final String CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    private DefinitionConditions() {}

    public static Optional<JsonNode> find(JsonNode definition, String type) {
        for (var condition : definition.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    public static boolean isTrue(JsonNode definition, String type) {
        return find(definition, type)
                .map(c -> c.path("status").asText().equals("True"))
                .orElse(false);
    }

    /** Removes a condition; answers whether it was there. */
    public static boolean remove(ObjectNode definition, String type) {
        var conditions = definition.path("status").path("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).path("type").asText().equals(type)) {
                ((ArrayNode) conditions).remove(i);
                return true;
            }
        }
        return false;
    }

    /** Sets a condition; the time of its last transition changes with its status only. Answers whether anything changed. */
    public static boolean set(
            ObjectNode definition, String type, String status, String reason, String message, Instant now) {
        var conditions = definition.withObjectProperty("status").withArrayProperty("conditions");
        for (var existing : conditions) {
            if (existing instanceof ObjectNode condition
                    && condition.path("type").asText().equals(type)) {
                var before = condition.deepCopy();
                if (!condition.path("status").asText().equals(status)) {
                    condition.put("lastTransitionTime", ObjectMeta.format(now));
                }
                condition.put("status", status).put("reason", reason).put("message", message);
                return !condition.equals(before);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("lastTransitionTime", ObjectMeta.format(now))
                .put("reason", reason)
                .put("message", message);
        return true;
    }
}
