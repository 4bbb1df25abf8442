package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.meta.GroupVersionResource;
import java.util.List;

/**
 * A RuleWithOperations of admissionregistration.k8s.io, with names where a policy gives them.
 *
 * @param scope {@code *}, Cluster or Namespaced
 * @param names of objects; empty for all
 */
record Rule(
        List<String> operations,
        List<String> groups,
        List<String> versions,
        List<String> resources,
        String scope,
        List<String> names) {
    private static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");

    static Rule read(JsonNode node) {
        return new Rule(
                Trees.strings(node.path("operations")),
                Trees.strings(node.path("apiGroups")),
                Trees.strings(node.path("apiVersions")),
                Trees.strings(node.path("resources")),
                node.path("scope").asText("*"),
                Trees.strings(node.path("resourceNames")));
    }

    /** @param resource the request's, or another form of it */
    boolean matches(AdmissionRequest request, GroupVersionResource resource) {
        return inScope(request, resource)
                && has(operations, request.operation())
                && has(groups, resource.group())
                && has(versions, resource.version())
                && names(resource.resource(), request.subresource())
                && (names.isEmpty() || names.contains(request.name()));
    }

    private static boolean has(List<String> wanted, String value) {
        return wanted.contains("*") || wanted.contains(value);
    }

    private boolean inScope(AdmissionRequest request, GroupVersionResource resource) {
        boolean cluster = resource.equals(NAMESPACES) || request.namespace().isEmpty();
        return switch (scope) {
            case "*" -> true;
            case "Cluster" -> cluster;
            case "Namespaced" -> !cluster;
            default -> false;
        };
    }

    private boolean names(String resource, String subresource) {
        for (String wanted : resources) {
            int slash = wanted.indexOf('/');
            String whole = slash < 0 ? wanted : wanted.substring(0, slash);
            String part = slash < 0 ? "" : wanted.substring(slash + 1);
            if ((whole.equals("*") || whole.equals(resource)) && (part.equals("*") || part.equals(subresource))) {
                return true;
            }
        }
        return false;
    }
}
