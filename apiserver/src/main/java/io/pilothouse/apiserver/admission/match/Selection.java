package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which requests somebody wants to see: by rules, and by labels of the object and its namespace. Immutable. */
public final class Selection {
    private final List<Rule> rules;
    private final List<Rule> excluded;
    private final boolean everything;
    private final boolean equivalent;
    private final LabelSelector namespaces;
    private final LabelSelector objects;

    private Selection(List<Rule> rules, List<Rule> excluded, boolean everything, JsonNode holder) {
        this.rules = List.copyOf(rules);
        this.excluded = List.copyOf(excluded);
        this.everything = everything;
        this.equivalent = holder.path("matchPolicy").asText("Equivalent").equals("Equivalent");
        this.namespaces = selector(holder.get("namespaceSelector"));
        this.objects = selector(holder.get("objectSelector"));
    }

    private static LabelSelector selector(@Nullable JsonNode node) {
        return node == null || node.isNull() ? LabelSelector.everything() : LabelSelector.fromNode(node);
    }

    private static List<Rule> rules(JsonNode nodes) {
        List<Rule> out = new ArrayList<>(nodes.size());
        nodes.forEach(n -> out.add(Rule.read(n)));
        return out;
    }

    /** What a webhook says. */
    public static Selection ofWebhook(JsonNode webhook) {
        return new Selection(rules(webhook.path("rules")), List.of(), false, webhook);
    }

    /** The matchConstraints of a policy, or the matchResources of a binding, where no rules are all. */
    public static Selection ofPolicy(JsonNode matchResources) {
        var rules = rules(matchResources.path("resourceRules"));
        return new Selection(
                rules, rules(matchResources.path("excludeResourceRules")), rules.isEmpty(), matchResources);
    }

    /**
     * How it matches a request.
     *
     * @throws StatusException where a namespace cannot be found that it must look at
     */
    public Optional<Match> match(AdmissionRequest request, MatchContext context) {
        if (!objects.isEverything() && !selects(request.object()) && !selects(request.old())) {
            return Optional.empty();
        }
        if (!excluded.isEmpty() && first(excluded, request, context).isPresent()) {
            return Optional.empty();
        }
        var found = everything
                ? Optional.of(new Match(request.resource(), request.kind()))
                : first(rules, request, context);
        return found.filter(m -> namespaces.isEverything() || selectsNamespace(request, context));
    }

    private boolean selects(@Nullable ObjectNode object) {
        return object != null && objects.matches(ObjectMeta.labels(object));
    }

    private boolean selectsNamespace(AdmissionRequest request, MatchContext context) {
        boolean isNamespace = request.resource().resource().equals("namespaces");
        if (request.namespace().isEmpty() && !isNamespace) {
            return true;
        }
        var object = request.object();
        if (isNamespace && request.subresource().isEmpty() && object != null) {
            return namespaces.matches(ObjectMeta.labels(object));
        }
        return namespaces.matches(ObjectMeta.labels(context.namespace(request.namespace())));
    }

    private Optional<Match> first(List<Rule> candidates, AdmissionRequest request, MatchContext context) {
        for (var rule : candidates) {
            if (rule.matches(request, request.resource())) {
                return Optional.of(new Match(request.resource(), request.kind()));
            }
        }
        if (!equivalent) {
            return Optional.empty();
        }
        for (var rule : candidates) {
            for (var other : context.equivalents(request)) {
                if (rule.matches(request, other.resource())) {
                    return Optional.of(other);
                }
            }
        }
        return Optional.empty();
    }
}
