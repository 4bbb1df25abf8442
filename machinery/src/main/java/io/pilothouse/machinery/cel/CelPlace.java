package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a schema with its rules and those below.
 *
 * @param resource whether an object there has metadata
 */
record CelPlace(
        JsonNode schema,
        boolean resource,
        List<CelRule> rules,
        Map<String, CelPlace> properties,
        @Nullable CelPlace values,
        @Nullable CelPlace items) {
    /** Whether there is no rule here or below. */
    boolean isEmpty() {
        return rules.isEmpty() && properties.isEmpty() && values == null && items == null;
    }
}
