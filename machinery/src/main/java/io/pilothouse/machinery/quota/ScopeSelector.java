package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.machinery.selector.Operator;
import io.pilothouse.machinery.selector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The scopes of a quota, all as expressions: a plain scope is one that must exist. */
public final class ScopeSelector {
    private ScopeSelector() {}

    /** All of a quota. */
    public static List<JsonNode> of(JsonNode quota) {
        List<JsonNode> out = new ArrayList<>();
        for (var scope : quota.path("spec").path("scopes")) {
            out.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("scopeName", scope.asText())
                    .put("operator", "Exists"));
        }
        quota.path("spec").path("scopeSelector").path("matchExpressions").forEach(out::add);
        return out;
    }

    /** Whether the value that an object has for a scope, if any, is one that is selected. */
    static boolean matches(JsonNode selector, Map<String, String> values) {
        List<String> wanted = new ArrayList<>();
        selector.path("values").forEach(v -> wanted.add(v.asText()));
        var operator = switch (selector.path("operator").asText("")) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> Operator.EXISTS;
        };
        return new Requirement(selector.path("scopeName").asText(""), operator, wanted).matches(values);
    }

    /** As Go prints one. */
    public static String text(JsonNode selector) {
        List<String> values = new ArrayList<>();
        selector.path("values").forEach(v -> values.add(v.asText()));
        return "{" + selector.path("scopeName").asText("") + " "
                + selector.path("operator").asText("") + " [" + String.join(" ", values) + "]}";
    }
}
