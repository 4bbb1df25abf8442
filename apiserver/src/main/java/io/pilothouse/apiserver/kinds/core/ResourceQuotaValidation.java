package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.ResourceNameRules;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What must hold for a resource quota. */
final class ResourceQuotaValidation {
    private static final Set<String> SCOPES = Set.of(
            "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "VolumeAttributesClass");
    private static final Set<String> ONLY_EXISTS =
            Set.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity");
    private static final Set<String> OF_PODS =
            Set.of("pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
    private static final Set<String> OF_CLAIMS = Set.of("persistentvolumeclaims", "requests.storage");
    private static final List<List<String>> CONFLICTS =
            List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"));

    private ResourceQuotaValidation() {}

    static List<FieldError> validate(ObjectNode quota) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(quota, errors).child("spec");
        amounts(spec, "hard");
        var hard = new TreeSet<String>();
        spec.child("hard").value().fieldNames().forEachRemaining(hard::add);
        scopes(spec, hard);
        spec.child("scopeSelector").ifPresent(selector -> selector(spec, selector, hard));
        return errors;
    }

    /** Names and amounts of the maps at these fields. */
    static void amounts(Field parent, String... fields) {
        for (String field : fields) {
            parent.child(field).entries((name, amount) -> {
                ResourceNameRules.ofQuota(amount, name);
                ResourceNameRules.amount(amount, name);
            });
        }
    }

    private static void scopes(Field spec, Set<String> hard) {
        var scopes = spec.child("scopes");
        var seen = new HashSet<String>();
        for (String scope : Trees.strings(scopes.value())) {
            if (!SCOPES.contains(scope)) {
                scopes.invalid("unsupported scope");
            }
            for (String name : hard) {
                if (ResourceNameRules.isStandardForQuotas(name) && !applies(scope, name)) {
                    scopes.invalid("unsupported scope applied to resource");
                }
            }
            seen.add(scope);
        }
        conflicts(seen, scopes, scopes.value());
    }

    private static void conflicts(Set<String> seen, Field at, @Nullable JsonNode shown) {
        for (var pair : CONFLICTS) {
            if (seen.containsAll(pair)) {
                at.add(FieldError.invalid(
                        at.path(), shown == null || shown.isMissingNode() ? null : shown, "conflicting scopes"));
            }
        }
    }

    private static boolean applies(String scope, String resource) {
        return switch (scope) {
            case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" ->
                OF_PODS.contains(resource);
            case "BestEffort" -> resource.equals("pods");
            case "VolumeAttributesClass" -> OF_CLAIMS.contains(resource);
            default -> true;
        };
    }

    private static void selector(Field spec, Field selector, Set<String> hard) {
        var seen = new HashSet<String>();
        var expressions = selector.child("matchExpressions");
        // Upstream names the list, not the expression.
        expressions.each(item -> {
            var expression = item.placedAt(expressions.path());
            var name = expression.child("scopeName");
            if (!SCOPES.contains(name.text())) {
                name.invalid(name.text(), "unsupported scope");
            }
            for (String resource : hard) {
                if (ResourceNameRules.isStandardForQuotas(resource) && !applies(name.text(), resource)) {
                    expression.invalid(shown(selector), "unsupported scope applied to resource");
                }
            }
            operator(expression);
            seen.add(name.text());
        });
        conflicts(seen, expressions, spec.child("scopes").value());
    }

    private static void operator(Field expression) {
        var operator = expression.child("operator");
        var values = expression.child("values");
        if (ONLY_EXISTS.contains(expression.child("scopeName").text()) && !operator.is("Exists")) {
            operator.invalid(
                    operator.text(),
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating,"
                            + " ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or"
                            + " ResourceQuotaScopeCrossNamespacePodAffinity");
        }
        switch (operator.text()) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    values.required("must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    values.invalid("must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> operator.invalid(operator.text(), "not a valid selector operator");
        }
    }

    /** What upstream shows: its Go struct. */
    private static ObjectNode shown(Field selector) {
        var out = JsonNodeFactory.instance.objectNode();
        var expressions = out.putArray("MatchExpressions");
        for (var expression : selector.child("matchExpressions").value()) {
            var values = expression.path("values");
            expressions
                    .addObject()
                    .put("ScopeName", expression.path("scopeName").asText(""))
                    .put("Operator", expression.path("operator").asText(""))
                    .set("Values", values.isMissingNode() ? out.nullNode() : values);
        }
        return out;
    }
}
