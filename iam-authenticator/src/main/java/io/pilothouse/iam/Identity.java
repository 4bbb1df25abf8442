package io.pilothouse.iam;

import java.util.List;
import java.util.Map;

/** A Kubernetes user, as a TokenReview's status has it. */
public record Identity(String username, String uid, List<String> groups, Map<String, List<String>> extra) {
    public Identity {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }
}
