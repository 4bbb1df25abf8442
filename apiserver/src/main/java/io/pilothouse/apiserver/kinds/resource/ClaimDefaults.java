package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;

/** Fills what claims leave out. */
final class ClaimDefaults {
    private static final String EXACT_COUNT = "ExactCount";

    private ClaimDefaults() {}

    /** Fills the spec of a claim. */
    static void fill(ObjectNode spec) {
        Trees.with(
                spec,
                "devices",
                devices -> Trees.each(devices, "requests", request -> {
                    Trees.with(request, "exactly", ClaimDefaults::request);
                    Trees.each(request, "firstAvailable", ClaimDefaults::request);
                }));
    }

    private static void request(ObjectNode request) {
        Trees.fill(request, "allocationMode", EXACT_COUNT);
        if (request.path("allocationMode").asText().equals(EXACT_COUNT)) {
            Trees.fillZero(request, "count", 1);
        }
        tolerations(request);
    }

    static void tolerations(ObjectNode request) {
        Trees.each(request, "tolerations", toleration -> Trees.fill(toleration, "operator", "Equal"));
    }
}
