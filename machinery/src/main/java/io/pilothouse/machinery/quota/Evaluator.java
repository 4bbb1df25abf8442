package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How objects of one resource are counted against quotas. */
public interface Evaluator {
    /** Those of a quota's resources that objects of this kind use, sorted. */
    List<String> matching(Collection<String> names);

    /** Whether an object is in a scope. */
    default boolean inScope(JsonNode selector, JsonNode object) {
        return false;
    }

    /** Whether scopes mean anything for this kind. */
    default boolean scoped() {
        return false;
    }

    /** What an object must say to be counted; empty where it does. */
    default Optional<String> unmet(Collection<String> required, JsonNode object) {
        return Optional.empty();
    }

    /** What an object uses. */
    Map<String, Quantity> usage(JsonNode object);
}
