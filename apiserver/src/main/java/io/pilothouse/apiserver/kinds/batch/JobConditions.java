package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;

/** The conditions in a job's status. */
final class JobConditions {
    private JobConditions() {}

    static boolean holds(JsonNode status, String type) {
        return is(status, type, "True");
    }

    static boolean is(JsonNode status, String type, String value) {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals(type)
                    && condition.path("status").asText("").equals(value)) {
                return true;
            }
        }
        return false;
    }

    static boolean isFinished(JsonNode status) {
        return holds(status, "Complete") || holds(status, "Failed");
    }
}
