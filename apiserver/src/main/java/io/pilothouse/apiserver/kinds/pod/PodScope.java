package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the checks of one container need to know of its pod.
 *
 * @param spec the pod's whole spec
 * @param volumes those that are right, by name
 */
record PodScope(JsonNode spec, PodRules rules, Map<String, JsonNode> volumes) {
    PodScope {
        volumes = Map.copyOf(volumes);
    }

    /** The names of the pod's resource claims. */
    Set<String> claims() {
        var names = new HashSet<String>();
        spec.path("resourceClaims").forEach(c -> names.add(c.path("name").asText("")));
        names.remove("");
        return names;
    }

    long gracePeriod() {
        return spec.path("terminationGracePeriodSeconds").asLong();
    }

    boolean hasGracePeriod() {
        return spec.hasNonNull("terminationGracePeriodSeconds");
    }

    /** The operating system that the pod names; empty for none. */
    String os() {
        return spec.path("os").path("name").asText("");
    }

    boolean neverRestarts() {
        return spec.path("restartPolicy").asText("").equals("Never");
    }

    /** Whether the pod runs with the host's users. */
    boolean hostUsers() {
        return spec.path("hostUsers").asBoolean(true);
    }
}
