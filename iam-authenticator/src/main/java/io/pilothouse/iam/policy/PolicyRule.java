package io.pilothouse.iam.policy;

import java.util.Set;

/** What a policy allows: verbs upon resources of a group ({@code *} for any), subresources written {@code pods/log}. */
record PolicyRule(Set<String> verbs, Set<String> groups, Set<String> resources) {
    boolean allows(RequestAttributes request) {
        return covers(verbs, request.verb())
                && covers(groups, request.apiGroup())
                && covers(resources, request.fullResource());
    }

    private static boolean covers(Set<String> allowed, String asked) {
        return allowed.contains("*") || allowed.contains(asked);
    }
}
