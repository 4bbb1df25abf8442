package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /** Rules of one group and resource each, those that differ only by verb made one. */
    static List<PolicyRule> compact(List<PolicyRule> rules) {
        var out = new ArrayList<PolicyRule>();
        var simple = new LinkedHashMap<PolicyRule, List<String>>();
        for (var rule : rules) {
            if (rule.resourceNames().size() > 1
                    || !rule.nonResourceUrls().isEmpty()
                    || rule.apiGroups().size() != 1
                    || rule.resources().size() != 1) {
                out.add(rule);
            } else {
                simple.computeIfAbsent(rule.withVerbs(List.of()), r -> new ArrayList<>())
                        .addAll(rule.verbs());
            }
        }
        simple.forEach((rule, verbs) -> out.add(rule.withVerbs(verbs)));
        return out;
    }

    private PolicyRule withVerbs(List<String> other) {
        return new PolicyRule(List.copyOf(other), apiGroups, resources, resourceNames, nonResourceUrls);
    }

    /** The rule in upstream's short form for messages. */
    String describe() {
        var parts = new ArrayList<String>();
        describe(parts, "APIGroups", apiGroups);
        describe(parts, "Resources", resources);
        describe(parts, "NonResourceURLs", nonResourceUrls);
        describe(parts, "ResourceNames", resourceNames);
        describe(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void describe(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":" + GoText.quoteList(values));
        }
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
