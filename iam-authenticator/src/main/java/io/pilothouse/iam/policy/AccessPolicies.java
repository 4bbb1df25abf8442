package io.pilothouse.iam.policy;

import io.pilothouse.iam.mapping.AccessEntries;
import io.pilothouse.iam.mapping.AccessEntries.Association;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * EKS access policies as an authorizer that only ever allows: what no associated policy allows is left to the other authorizers. Safe for
 * many threads.
 */
public final class AccessPolicies {
    private static final String ARN_PREFIX = ":eks::aws:cluster-access-policy/";
    private final Supplier<AccessEntries> entries;

    /** The authorizer's answers. */
    public enum Decision {
        ALLOW,
        NO_OPINION
    }

    /** Over the cluster's entries as of each request. */
    public AccessPolicies(Supplier<AccessEntries> entries) {
        this.entries = entries;
    }

    /** The names of the policies there are. */
    public static Set<String> names() {
        return PolicyCatalogue.RULES.keySet();
    }

    /**
     * Decides for a user whom the IAM authenticator made known: it is the extra values {@code canonicalArn} and {@code principalId} that
     * tell the access entry. Impersonated users have none of them unless the impersonator was allowed to set them.
     */
    public Decision authorize(Map<String, List<String>> extra, RequestAttributes request) {
        List<String> arn = extra.getOrDefault("canonicalArn", List.of());
        List<String> principal = extra.getOrDefault("principalId", List.of());
        if (arn.size() != 1 || principal.size() != 1) {
            return Decision.NO_OPINION;
        }
        boolean allowed = entries.get().find(arn.getFirst(), principal.getFirst()).stream()
                .flatMap(e -> e.policies().stream())
                .anyMatch(a -> allows(a, request));
        return allowed ? Decision.ALLOW : Decision.NO_OPINION;
    }

    /** Whether one association allows a request. */
    static boolean allows(Association association, RequestAttributes request) {
        int at = association.policyArn().indexOf(ARN_PREFIX);
        String name = at < 0 ? "" : association.policyArn().substring(at + ARN_PREFIX.length());
        List<PolicyRule> rules = PolicyCatalogue.RULES.getOrDefault(name, List.of());
        boolean cluster = association.scope().equals("cluster");
        if (!request.resourceRequest()) {
            return cluster && name.equals("AmazonEKSClusterAdminPolicy");
        }
        boolean inScope = cluster
                || (!request.namespace().isEmpty()
                        && association.namespaces().stream().anyMatch(p -> matches(p, request.namespace())));
        return inScope && rules.stream().anyMatch(r -> r.allows(request));
    }

    private static boolean matches(String pattern, String namespace) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
        return Pattern.matches(regex, namespace);
    }
}
