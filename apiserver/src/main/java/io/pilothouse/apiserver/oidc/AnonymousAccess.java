package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a request without a credential is let on.
 *
 * @param paths empty for all
 */
public record AnonymousAccess(boolean enabled, Set<String> paths) {
    /** Keeps a copy. */
    public AnonymousAccess {
        paths = Set.copyOf(paths);
    }

    static Optional<AnonymousAccess> of(JsonNode config) {
        var anonymous = config.path("anonymous");
        if (!anonymous.isObject()) {
            return Optional.empty();
        }
        var paths = new HashSet<String>();
        anonymous.path("conditions").forEach(c -> paths.add(c.path("path").asText("")));
        return Optional.of(new AnonymousAccess(anonymous.path("enabled").asBoolean(), paths));
    }

    /** Whether it is let on there. */
    public boolean allows(String path) {
        return enabled && (paths.isEmpty() || paths.contains(path));
    }
}
