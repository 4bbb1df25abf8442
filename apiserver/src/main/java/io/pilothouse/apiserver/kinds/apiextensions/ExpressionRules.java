package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.cel.SchemaExpressions;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is wrong with the rules ({@code x-kubernetes-validations}) of a schema. */
final class ExpressionRules {
    private static final String RULES = "x-kubernetes-validations";
    private static final Set<String> REASONS = new TreeSet<>(
            Set.of("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"));

    private ExpressionRules() {}

    /** What can be said of the rules at one place without reading their expressions. */
    static void texts(JsonNode schema, FieldPath path, List<FieldError> errors) {
        var rules = schema.path(RULES);
        for (int i = 0; i < rules.size(); i++) {
            rule(schema, rules.get(i), path.child(RULES).index(i), errors);
        }
    }

    private static void rule(JsonNode schema, JsonNode rule, FieldPath path, List<FieldError> errors) {
        String text = rule.path("rule").asText();
        String message = rule.path("message").asText();
        if (text.isBlank()) {
            errors.add(FieldError.required(path.child("rule"), "rule is not specified"));
        } else if (!message.isEmpty() && message.isBlank()) {
            errors.add(FieldError.invalid(path.child("message"), message, "must be non-empty if specified"));
        } else if (hasNewline(message.trim())) {
            errors.add(FieldError.invalid(path.child("message"), message, "must not contain line breaks"));
        } else if (hasNewline(text.trim()) && message.isBlank()) {
            errors.add(FieldError.required(
                    path.child("message"), "message must be specified if rule contains line breaks"));
        }
        String expression = rule.path("messageExpression").asText();
        if (!expression.isEmpty() && expression.isBlank()) {
            errors.add(FieldError.required(
                    path.child("messageExpression"), "messageExpression must be non-empty if specified"));
        }
        String reason = rule.path("reason").asText();
        if (rule.has("reason") && !REASONS.contains(reason)) {
            errors.add(FieldError.notSupported(path.child("reason"), reason, REASONS));
        }
        String fieldPath = rule.path("fieldPath").asText();
        if (!fieldPath.isEmpty() && fieldPath.isBlank()) {
            errors.add(FieldError.invalid(path.child("fieldPath"), fieldPath, "must be non-empty if specified"));
        }
        if (hasNewline(fieldPath)) {
            errors.add(FieldError.invalid(path.child("fieldPath"), fieldPath, "must not contain line breaks"));
        }
        if (!fieldPath.isEmpty() && SchemaPaths.find(schema, fieldPath, true).problem() != null) {
            errors.add(FieldError.invalid(path.child("fieldPath"), fieldPath, "must be a valid path"));
        }
    }

    private static boolean hasNewline(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    /** What is wrong with the expressions: those that do not compile against the schema, those that could cost too much. */
    static void validate(JsonNode schema, FieldPath path, boolean costs, List<FieldError> errors) {
        if (!SchemaSearch.within(schema, s -> !s.path(RULES).isEmpty())) {
            return;
        }
        for (var problem : SchemaExpressions.compile(schema, path).problems()) {
            if (problem.cost()) {
                if (costs) {
                    errors.add(FieldError.forbidden(
                            problem.field().isEmpty()
                                    ? problem.path()
                                    : problem.path().child(problem.field()),
                            problem.message()));
                }
            } else {
                errors.add(
                        FieldError.invalid(problem.path().child(problem.field()), shown(problem), problem.message()));
            }
        }
    }

    /** The rule as Go prints it; where it is about the value before, the field alone. */
    private static Object shown(SchemaExpressions.Problem problem) {
        var rule = problem.rule();
        if (problem.message().contains("oldSelf")) {
            return problem.field().equals("rule") ? rule.path("rule").asText() : rule.path("optionalOldSelf");
        }
        return InternalForm.of("ValidationRule", rule);
    }
}
