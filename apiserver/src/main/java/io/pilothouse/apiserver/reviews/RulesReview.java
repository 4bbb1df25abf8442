package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authz.PolicyRule;
import io.pilothouse.apiserver.authz.RbacAuthorizer;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** authorization.k8s.io/v1 SelfSubjectRulesReview: everything that one may in a namespace, as far as rules can say it. */
final class RulesReview extends ReviewAction {
    private static final PolicyRule EVERYTHING =
            new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
    private static final PolicyRule EVERY_PATH =
            new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));

    private final RbacAuthorizer rbac;

    RulesReview(RbacAuthorizer rbac) {
        this.rbac = rbac;
    }

    @Override
    void answer(ApiRequest request, ObjectNode review) {
        String namespace = review.path("spec").path("namespace").asText();
        if (namespace.isEmpty()) {
            throw StatusException.badRequest("no namespace on request");
        }
        var problems = new ArrayList<String>();
        var rules = request.user().in(UserInfo.SUPERUSERS)
                ? Stream.concat(
                                Stream.of(EVERYTHING, EVERY_PATH),
                                rbac.rulesFor(request.user(), namespace, problems).stream())
                        .toList()
                : rbac.rulesFor(request.user(), namespace, problems);
        review.putObject("metadata");
        review.putObject("spec");
        var status = review.putObject("status");
        var resources = status.putArray("resourceRules");
        var paths = status.putArray("nonResourceRules");
        for (var rule : rules) {
            if (!rule.resources().isEmpty()) {
                resources.add(rule.toNode());
            }
            if (!rule.nonResourceUrls().isEmpty()) {
                addPath(paths, rule);
            }
        }
        status.put("incomplete", !problems.isEmpty());
        if (!problems.isEmpty()) {
            status.put("evaluationError", String.join(", ", problems));
        }
    }

    private static void addPath(ArrayNode paths, PolicyRule rule) {
        var node = JsonNodeFactory.instance.objectNode();
        var whole = rule.toNode();
        node.set("verbs", whole.get("verbs"));
        node.set("nonResourceURLs", whole.get("nonResourceURLs"));
        paths.add(node);
    }
}
