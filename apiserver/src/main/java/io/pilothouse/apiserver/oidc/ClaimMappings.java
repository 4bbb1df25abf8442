package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.cel.AdmissionEvaluation;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionExpressions.Compiled;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.cel.IdentityExpressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes users of verified claims, and says whom it lets in, as a valid JWTAuthenticator tells. Immutable. */
final class ClaimMappings {
    private static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

    private final JsonNode mappings;
    private final JsonNode claimRules;
    private final JsonNode userRules;
    private final Map<String, AdmissionProgram> programs = new HashMap<>();
    private final Map<String, AdmissionProgram> conditions = new HashMap<>();
    private final Map<String, AdmissionProgram> userConditions = new HashMap<>();

    ClaimMappings(JsonNode authenticator, IdentityExpressions expressions, AdmissionProgram.Factory factory) {
        mappings = authenticator.path("claimMappings");
        claimRules = authenticator.path("claimValidationRules");
        userRules = authenticator.path("userValidationRules");
        for (var holder : List.of(mappings.path("username"), mappings.path("groups"), mappings.path("uid"))) {
            add(programs, holder.path("expression"), factory, expressions::claim);
        }
        mappings.path("extra").forEach(e -> add(programs, e.path("valueExpression"), factory, expressions::claim));
        claimRules.forEach(r -> add(conditions, r.path("expression"), factory, expressions::claimCondition));
        userRules.forEach(r -> add(userConditions, r.path("expression"), factory, expressions::userCondition));
    }

    private static void add(
            Map<String, AdmissionProgram> programs,
            JsonNode expression,
            AdmissionProgram.Factory factory,
            java.util.function.Function<String, Compiled> compiler) {
        String text = expression.asText("");
        if (!text.isEmpty()) {
            programs.computeIfAbsent(text, t -> factory.program(t, compiler.apply(t)));
        }
    }

    /** @throws InvalidCredentialException where a claim is missing or of a wrong type, or a rule does not hold */
    UserInfo user(ObjectNode claims) throws InvalidCredentialException {
        var evaluation = evaluation("claims", claims);
        String name = username(claims, evaluation);
        var groups = groups(claims, evaluation);
        String uid = uid(claims, evaluation);
        var extra = extra(claims, evaluation);
        for (var rule : claimRules) {
            String claim = rule.path("claim").asText("");
            if (!claim.isEmpty()) {
                require(claims, claim, rule.path("requiredValue").asText(""));
            }
        }
        rules(claimRules, conditions, evaluation, "claim validation expression");
        var user = new UserInfo(name, uid, groups, extra);
        if (!userConditions.isEmpty()) {
            rules(userRules, userConditions, evaluation("user", tree(user)), "user info validation rule");
        }
        return user;
    }

    private static AdmissionEvaluation evaluation(String name, JsonNode value) {
        return new AdmissionEvaluation(new Inputs().put(name, value), Map.of(), AdmissionEvaluation.BUDGET);
    }

    private static ObjectNode tree(UserInfo user) {
        var out = JsonNodeFactory.instance
                .objectNode()
                .put("username", user.name())
                .put("uid", user.uid());
        var groups = out.putArray("groups");
        user.groups().forEach(groups::add);
        var extra = out.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        return out;
    }

    private String username(ObjectNode claims, AdmissionEvaluation evaluation) throws InvalidCredentialException {
        var mapping = mappings.path("username");
        if (mapping.has("expression")) {
            var value = run(mapping.get("expression").asText(), evaluation, "username claim expression");
            if (!value.isTextual()) {
                throw new InvalidCredentialException(
                        "oidc: error evaluating username claim expression: username claim expression must return a string");
            }
            if (value.asText().isEmpty()) {
                throw new InvalidCredentialException("oidc: empty username via CEL expression is not allowed");
            }
            return value.asText();
        }
        String claim = mapping.path("claim").asText();
        String name = text(claims, claim, "oidc: parse username claims \"" + claim + "\"");
        if (claim.equals("email") && claims.has("email_verified") && !verified(claims.get("email_verified"))) {
            throw new InvalidCredentialException("oidc: email not verified");
        }
        return mapping.path("prefix").asText("") + name;
    }

    private static boolean verified(JsonNode value) throws InvalidCredentialException {
        if (!value.isBoolean()) {
            throw new InvalidCredentialException("oidc: parse 'email_verified' claim: not a boolean");
        }
        return value.asBoolean();
    }

    private List<String> groups(ObjectNode claims, AdmissionEvaluation evaluation) throws InvalidCredentialException {
        var mapping = mappings.path("groups");
        String claim = mapping.path("claim").asText("");
        if (!claim.isEmpty() && claims.has(claim)) {
            String prefix = mapping.path("prefix").asText("");
            return texts(claims.get(claim), true, "oidc: parse groups claim \"" + claim + "\"").stream()
                    .map(group -> prefix + group)
                    .toList();
        }
        if (!mapping.has("expression")) {
            return List.of();
        }
        return texts(
                run(mapping.get("expression").asText(), evaluation, "group claim expression"),
                false,
                "oidc: error evaluating group claim expression");
    }

    private String uid(ObjectNode claims, AdmissionEvaluation evaluation) throws InvalidCredentialException {
        var mapping = mappings.path("uid");
        String claim = mapping.path("claim").asText("");
        if (!claim.isEmpty()) {
            return text(claims, claim, "oidc: parse uid claim \"" + claim + "\"");
        }
        if (!mapping.has("expression")) {
            return "";
        }
        var value = run(mapping.get("expression").asText(), evaluation, "uid claim expression");
        if (!value.isTextual()) {
            throw new InvalidCredentialException(
                    "oidc: error evaluating uid claim expression: uid claim expression must return a string");
        }
        return value.asText();
    }

    private Map<String, List<String>> extra(ObjectNode claims, AdmissionEvaluation evaluation)
            throws InvalidCredentialException {
        var out = new LinkedHashMap<String, List<String>>();
        if (claims.path("jti").isTextual() && !claims.get("jti").asText().isEmpty()) {
            out.put(CREDENTIAL_ID, List.of("JTI=" + claims.get("jti").asText()));
        }
        for (var mapping : mappings.path("extra")) {
            var values = texts(
                    run(mapping.path("valueExpression").asText(), evaluation, "extra claim expression"),
                    false,
                    "oidc: error evaluating extra claim expression");
            if (!values.isEmpty()) {
                out.put(mapping.path("key").asText(), values);
            }
        }
        return out;
    }

    private static void require(ObjectNode claims, String claim, String wanted) throws InvalidCredentialException {
        if (!claims.has(claim)) {
            throw new InvalidCredentialException("oidc: required claim " + claim + " not present in ID token");
        }
        String got = text(claims, claim, "oidc: parse claim " + claim);
        if (!got.equals(wanted)) {
            throw new InvalidCredentialException(
                    "oidc: required claim " + claim + " value does not match. Got = " + got + ", want = " + wanted);
        }
    }

    private static void rules(
            JsonNode rules, Map<String, AdmissionProgram> programs, AdmissionEvaluation evaluation, String what)
            throws InvalidCredentialException {
        for (var rule : rules) {
            var program = programs.get(rule.path("expression").asText(""));
            if (program != null && !run(program, evaluation, what).asBoolean()) {
                throw new InvalidCredentialException(
                        "oidc: error evaluating " + what + ": validation expression '" + program.expression()
                                + "' failed: " + rule.path("message").asText(""));
            }
        }
    }

    private JsonNode run(String expression, AdmissionEvaluation evaluation, String what)
            throws InvalidCredentialException {
        var program = programs.get(expression);
        if (program == null) {
            throw new IllegalStateException("an expression was not compiled");
        }
        return run(program, evaluation, what);
    }

    private static JsonNode run(AdmissionProgram program, AdmissionEvaluation evaluation, String what)
            throws InvalidCredentialException {
        try {
            var result = evaluation.run(program);
            if (!result.problem().isEmpty()) {
                throw new InvalidCredentialException("oidc: error evaluating " + what + ": " + result.problem());
            }
            return result.tree();
        } catch (OutOfBudgetException | IllegalArgumentException e) {
            throw new InvalidCredentialException("oidc: error evaluating " + what + ": " + e.getMessage(), e);
        }
    }

    private static String text(ObjectNode claims, String claim, String what) throws InvalidCredentialException {
        var value = claims.get(claim);
        if (value == null) {
            throw new InvalidCredentialException(what + ": claim not present");
        }
        if (!value.isTextual()) {
            throw new InvalidCredentialException(what + ": not a string");
        }
        return value.asText();
    }

    /** A text, or a list of them; empty texts count only where claims are taken as they are. */
    private static List<String> texts(JsonNode value, boolean asIs, String what) throws InvalidCredentialException {
        var out = new ArrayList<String>();
        if (value.isTextual()) {
            out.add(value.asText());
        } else if (value.isArray()) {
            for (var item : value) {
                if (!item.isTextual()) {
                    throw new InvalidCredentialException(what + ": not a string or a list of strings");
                }
                out.add(item.asText());
            }
        } else if (!value.isNull()) {
            throw new InvalidCredentialException(what + ": not a string or a list of strings");
        }
        if (!asIs) {
            out.removeIf(String::isEmpty);
        }
        return out;
    }
}
