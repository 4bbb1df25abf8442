package io.pilothouse.cloud.iam;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A parsed policy document and its evaluation. Follows the IAM policy grammar of version 2012-10-17. */
public record PolicyDocument(List<Statement> statements) {
    private static final Set<String> KEYS = Set.of(
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Principal",
            "NotPrincipal",
            "Condition");

    /** What a document says about a request. */
    public enum Verdict {
        ALLOW,
        DENY,
        SILENT
    }

    /** What is asked: an action upon a resource, with the values of condition keys by lower-case name. */
    public record Question(String action, String resource, Map<String, String> context) {}

    /** One statement, as read. */
    public record Statement(boolean allow, JsonNode node) {}

    /**
     * Parses and checks a document.
     *
     * @throws AwsException MalformedPolicyDocument when it is not one
     */
    public static PolicyDocument parse(String text) {
        JsonNode root;
        try {
            root = Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw malformed("This policy contains invalid Json");
        }
        if (root == null || !root.isObject() || !root.has("Statement")) {
            throw malformed("Syntax errors in policy.");
        }
        List<Statement> statements = new ArrayList<>();
        for (JsonNode node : each(root.get("Statement"))) {
            String effect = node.path("Effect").asText();
            if (!node.isObject() || (!effect.equals("Allow") && !effect.equals("Deny"))) {
                throw malformed("Policy statement must contain an Effect of Allow or Deny.");
            }
            node.fieldNames().forEachRemaining(key -> {
                if (!KEYS.contains(key)) {
                    throw malformed("Syntax errors in policy: " + key);
                }
            });
            if (!node.has("Action") && !node.has("NotAction")) {
                throw malformed("Policy statement must contain actions.");
            }
            statements.add(new Statement(effect.equals("Allow"), node));
        }
        return new PolicyDocument(List.copyOf(statements));
    }

    /** Evaluates an identity policy: a matching Deny wins over a matching Allow. */
    public Verdict evaluate(Question question) {
        return evaluate(question, false, Set.of());
    }

    /** Evaluates a trust policy for a principal known by any of the names (ARNs, account id, service). */
    public Verdict evaluateTrust(Question question, Set<String> principalNames) {
        return evaluate(question, true, principalNames);
    }

    private Verdict evaluate(Question question, boolean trust, Set<String> names) {
        Verdict verdict = Verdict.SILENT;
        for (Statement s : statements) {
            boolean covers = covers(s.node(), "Action", question.action(), true)
                    && (trust
                            ? principalMatches(s.node(), names)
                            : covers(s.node(), "Resource", question.resource(), false));
            if (covers && Conditions.met(s.node().path("Condition"), question.context(), !s.allow())) {
                if (!s.allow()) {
                    return Verdict.DENY;
                }
                verdict = Verdict.ALLOW;
            }
        }
        return verdict;
    }

    private static boolean covers(JsonNode statement, String key, String value, boolean ignoreCase) {
        if (statement.has("Not" + key)) {
            return each(statement.get("Not" + key)).stream()
                    .noneMatch(p -> Wildcard.matches(p.asText(), value, ignoreCase));
        }
        return statement.has(key)
                && each(statement.get(key)).stream().anyMatch(p -> Wildcard.matches(p.asText(), value, ignoreCase));
    }

    private static boolean principalMatches(JsonNode statement, Set<String> names) {
        JsonNode principal = statement.path("Principal");
        if (principal.isTextual()) {
            return principal.asText().equals("*");
        }
        for (String kind : List.of("AWS", "Service")) {
            for (JsonNode one : each(principal.path(kind))) {
                if (one.asText().equals("*") || names.contains(one.asText())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One value or a list of them. */
    static List<JsonNode> each(JsonNode node) {
        List<JsonNode> all = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(all::add);
        } else if (!node.isMissingNode() && !node.isNull()) {
            all.add(node);
        }
        return all;
    }

    private static AwsException malformed(String message) {
        return new AwsException(400, "MalformedPolicyDocument", message);
    }

    /** Matching with {@code *} and {@code ?}. */
    static final class Wildcard {
        private Wildcard() {}

        static boolean matches(String pattern, String value, boolean ignoreCase) {
            String p = ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern;
            String v = ignoreCase ? value.toLowerCase(Locale.ROOT) : value;
            int i = 0;
            int j = 0;
            int star = -1;
            int mark = 0;
            while (j < v.length()) {
                if (i < p.length() && p.charAt(i) == '*') {
                    star = i++;
                    mark = j;
                } else if (i < p.length() && (p.charAt(i) == '?' || p.charAt(i) == v.charAt(j))) {
                    i++;
                    j++;
                } else if (star >= 0) {
                    i = star + 1;
                    j = ++mark;
                } else {
                    return false;
                }
            }
            while (i < p.length() && p.charAt(i) == '*') {
                i++;
            }
            return i == p.length();
        }
    }
}
