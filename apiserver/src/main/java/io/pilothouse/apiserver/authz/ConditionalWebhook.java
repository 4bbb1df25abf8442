package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.cel.AdmissionEvaluation;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.cel.ReviewExpressions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A webhook that is asked only about requests for which all its conditions hold. Where that, or its answer, cannot be found out, it has no
 * opinion or says no, as it was told. Safe for use by many threads.
 */
final class ConditionalWebhook implements Authorizer {
    private final Authorizer webhook;
    private final List<AdmissionProgram> conditions;
    private final boolean failureDenies;

    /** @param conditions expressions that compile */
    ConditionalWebhook(Authorizer webhook, List<String> conditions, boolean failureDenies) {
        this.webhook = webhook;
        this.failureDenies = failureDenies;
        var expressions = new ReviewExpressions();
        var factory = new AdmissionProgram.Factory();
        this.conditions = conditions.stream()
                .map(text -> factory.program(text, expressions.condition(text)))
                .toList();
    }

    @Override
    public Decision authorize(Attributes attributes) {
        Set<String> errors = new LinkedHashSet<>();
        if (!conditions.isEmpty() && !matches(attributes, errors)) {
            return errors.isEmpty()
                    ? Decision.noOpinion("")
                    : failed(errors.size() == 1 ? errors.iterator().next() : "[" + String.join(", ", errors) + "]");
        }
        var decision = webhook.authorize(attributes);
        boolean unknown =
                decision.kind() == Decision.Kind.NO_OPINION && !decision.error().isEmpty();
        return unknown ? failed(decision.error()) : decision;
    }

    private Decision failed(String error) {
        return (failureDenies ? Decision.deny("") : Decision.noOpinion("")).withError(error);
    }

    /** One that says no decides, also where others fail. */
    private boolean matches(Attributes attributes, Set<String> errors) {
        var evaluation = new AdmissionEvaluation(
                new Inputs().put("request", spec(attributes)), Map.of(), AdmissionEvaluation.CONDITIONS_BUDGET);
        try {
            for (var condition : conditions) {
                var result = evaluation.run(condition);
                if (result.isFalse()) {
                    errors.clear();
                    return false;
                }
                if (!result.problem().isEmpty()) {
                    errors.add("cel evaluation error: " + result.problem());
                }
            }
        } catch (OutOfBudgetException e) {
            errors.add("cel evaluation error: " + e.getMessage());
        }
        return errors.isEmpty();
    }

    /** The review's spec, with empty texts for what is not said. */
    private static ObjectNode spec(Attributes attributes) {
        UserInfo user = attributes.user();
        var spec =
                JsonNodeFactory.instance.objectNode().put("user", user.name()).put("uid", user.uid());
        var groups = spec.putArray("groups");
        user.groups().forEach(groups::add);
        var extra = spec.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        if (attributes.resourceRequest()) {
            var resource = spec.putObject("resourceAttributes")
                    .put("namespace", attributes.namespace())
                    .put("verb", attributes.verb())
                    .put("group", attributes.group())
                    .put("version", attributes.version())
                    .put("resource", attributes.resource())
                    .put("subresource", attributes.subresource())
                    .put("name", attributes.name());
            WebhookAuthorizer.selector(resource, "fieldSelector", attributes.fields());
            WebhookAuthorizer.selector(resource, "labelSelector", attributes.labels());
        } else {
            spec.putObject("nonResourceAttributes")
                    .put("path", attributes.path())
                    .put("verb", attributes.verb());
        }
        return spec;
    }
}
