package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A rule of rbac.authorization.k8s.io/v1. */
public record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {

    public static PolicyRule of(JsonNode node) {
        return new PolicyRule(
                strings(node, "verbs"),
                strings(node, "apiGroups"),
                strings(node, "resources"),
                strings(node, "resourceNames"),
                strings(node, "nonResourceURLs"));
    }

    public static List<PolicyRule> listOf(JsonNode rules) {
        var out = new ArrayList<PolicyRule>();
        rules.forEach(rule -> out.add(of(rule)));
        return out;
    }

    public boolean allows(Attributes attributes) {
        if (!anyOf(verbs, attributes.verb())) {
            return false;
        }
        if (!attributes.resourceRequest()) {
            return nonResourceUrls.stream().anyMatch(url -> urlMatches(url, attributes.path()));
        }
        return anyOf(apiGroups, attributes.group())
                && resourceMatches(attributes.fullResource(), attributes.subresource())
                && (resourceNames.isEmpty() || resourceNames.contains(attributes.name()));
    }

    private boolean resourceMatches(String combined, String subresource) {
        for (String resource : resources) {
            if (resource.equals("*") || resource.equals(combined)) {
                return true;
            }
            if (!subresource.isEmpty()
                    && resource.startsWith("*/")
                    && resource.substring(2).equals(subresource)) {
                return true;
            }
        }
        return false;
    }

    static boolean urlMatches(String rule, String path) {
        if (rule.equals("*") || rule.equals(path)) {
            return true;
        }
        return rule.endsWith("*") && path.startsWith(rule.substring(0, rule.length() - 1));
    }

    private static boolean anyOf(List<String> allowed, String wanted) {
        return allowed.contains("*") || allowed.contains(wanted);
    }

    /** The rule as the API writes it. */
    public ObjectNode toNode() {
        var node = JsonNodeFactory.instance.objectNode();
        put(node, "verbs", verbs, true);
        put(node, "apiGroups", apiGroups, false);
        put(node, "resources", resources, false);
        put(node, "resourceNames", resourceNames, false);
        put(node, "nonResourceURLs", nonResourceUrls, false);
        return node;
    }

    private static void put(ObjectNode node, String field, List<String> values, boolean always) {
        if (always || !values.isEmpty()) {
            var array = node.putArray(field);
            values.forEach(array::add);
        }
    }

    private static List<String> strings(JsonNode node, String field) {
        var values = node.path(field);
        if (values.isEmpty()) {
            return List.of();
        }
        var out = new ArrayList<String>(values.size());
        values.forEach(value -> out.add(value.asText()));
        return List.copyOf(out);
    }
}
