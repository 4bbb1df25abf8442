package io.pilothouse.cloud.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;

/** The condition block of a policy statement. */
final class Conditions {
    private Conditions() {}

    /**
     * Whether all conditions hold. An operator that is not known never lets an Allow apply and never keeps a Deny from applying.
     *
     * @param unknown what a condition with an unknown operator counts as
     */
    static boolean met(JsonNode condition, Map<String, String> context, boolean unknown) {
        for (Entry<String, JsonNode> operator : condition.properties()) {
            for (Entry<String, JsonNode> key : operator.getValue().properties()) {
                String actual = context.get(key.getKey().toLowerCase(Locale.ROOT));
                if (!met(
                        operator.getKey(),
                        actual == null ? "" : actual,
                        actual != null,
                        PolicyDocument.each(key.getValue()),
                        unknown)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean met(
            String operator, String actual, boolean present, List<JsonNode> values, boolean unknown) {
        boolean ifExists = operator.endsWith("IfExists");
        String base = ifExists ? operator.substring(0, operator.length() - 8) : operator;
        if (ifExists && !present) {
            return true;
        }
        return switch (base) {
            case "StringEquals", "ArnEquals" -> present && any(values, actual, false, base.equals("ArnEquals"));
            case "StringEqualsIgnoreCase" -> present && any(values, actual, true, false);
            case "StringLike", "ArnLike" -> present && any(values, actual, false, true);
            case "StringNotEquals", "ArnNotEquals" -> !any(values, actual, false, base.equals("ArnNotEquals"));
            case "StringNotLike", "ArnNotLike" -> !any(values, actual, false, true);
            case "Bool" -> present && any(values, actual, true, false);
            case "Null" -> values.stream().anyMatch(v -> v.asText().equals(String.valueOf(!present)));
            default -> unknown;
        };
    }

    private static boolean any(List<JsonNode> values, String actual, boolean ignoreCase, boolean wildcards) {
        return values.stream().map(JsonNode::asText).anyMatch(v -> {
            if (wildcards) {
                return PolicyDocument.Wildcard.matches(v, actual, ignoreCase);
            }
            return ignoreCase ? v.equalsIgnoreCase(actual) : v.equals(actual);
        });
    }
}
