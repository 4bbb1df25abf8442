package io.pilothouse.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The condition Available of an APIService.
 *
 * @param status True, False or Unknown
 */
record AvailableCondition(String status, String reason, String message) {
    private static final String TYPE = "Available";

    static final AvailableCondition PASSED = new AvailableCondition("True", "Passed", "all checks passed");

    static AvailableCondition unavailable(String reason, String message) {
        return new AvailableCondition("False", reason, message);
    }

    static boolean isTrue(ObjectNode apiService) {
        return find(apiService).path("status").asText().equals("True");
    }

    private static JsonNode find(ObjectNode apiService) {
        for (JsonNode condition : apiService.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(TYPE)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /** Whether an APIService says just this. */
    boolean isSaidBy(ObjectNode apiService) {
        JsonNode said = find(apiService);
        return said.path("status").asText().equals(status)
                && said.path("reason").asText().equals(reason)
                && said.path("message").asText().equals(message);
    }

    /** Puts it into an APIService; its time changes when the status does. */
    ObjectNode setIn(ObjectNode apiService, Instant now) {
        JsonNode said = find(apiService);
        String time = said.path("status").asText().equals(status)
                ? said.path("lastTransitionTime").asText()
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        ArrayNode conditions = apiService.withObjectProperty("status").withArrayProperty("conditions");
        ObjectNode target = said instanceof ObjectNode present ? present : conditions.addObject();
        target.put("type", TYPE)
                .put("status", status)
                .put("lastTransitionTime", time)
                .put("reason", reason)
                .put("message", message);
        return apiService;
    }
}
