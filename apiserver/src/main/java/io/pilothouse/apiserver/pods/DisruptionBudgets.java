package io.pilothouse.apiserver.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.pod.PodConditions;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The budgets (policy/v1 PodDisruptionBudget) that evictions spend. */
final class DisruptionBudgets {
    private static final GroupResource BUDGETS = new GroupResource("policy", "poddisruptionbudgets");
    /** Upstream names it in the singular in its refusals. */
    private static final GroupResource BUDGET = new GroupResource("policy", "poddisruptionbudget");

    private static final int MAX_DISRUPTED = 2000;
    private static final int RETRY_SECONDS = 10;
    private static final String ALLOWED = "DisruptionAllowed";

    private final Registry registry;
    private final ResourceIndex resources;

    DisruptionBudgets(Registry registry, ResourceIndex resources) {
        this.registry = registry;
        this.resources = resources;
    }

    /** How the status of a kind is written. */
    Subresource.ViewStrategy statusOf(GroupResource resource) {
        var definition = resources.find(resource).orElseThrow();
        return ((Subresource.View) definition.subresource("status").orElseThrow()).strategy();
    }

    /**
     * Takes one disruption from the budget of a pod, if it has any.
     *
     * @return the budget that lets the pod go without that, as long as the pod stays unready
     * @throws StatusException 429 where the budget is spent
     * @throws SeveralBudgetsException where there are more than one
     */
    Optional<String> spend(ObjectNode pod, WriteContext context) {
        var budgets = registry.listNow(BUDGETS, context.namespace()).stream()
                .filter(budget -> covers(budget, pod))
                .toList();
        if (budgets.size() > 1) {
            throw new SeveralBudgetsException();
        }
        if (budgets.isEmpty()) {
            return Optional.empty();
        }
        var budget = budgets.getFirst();
        String name = ObjectMeta.name(budget);
        if (!PodConditions.holds(pod, "Ready") && toleratesUnready(budget)) {
            return Optional.of(name);
        }
        registry.update(
                resources.find(BUDGETS).orElseThrow(),
                statusOf(BUDGETS),
                name,
                live -> take(live, ObjectMeta.name(pod), context.now()),
                context,
                (object, old) -> {});
        return Optional.empty();
    }

    private static boolean covers(ObjectNode budget, ObjectNode pod) {
        try {
            return LabelSelector.fromNode(budget.path("spec").path("selector")).matches(ObjectMeta.labels(pod));
        } catch (SelectorException e) {
            // A selector that cannot be read selects nothing.
            return false;
        }
    }

    private static boolean toleratesUnready(ObjectNode budget) {
        var status = budget.path("status");
        long desired = status.path("desiredHealthy").asLong();
        return budget.path("spec").path("unhealthyPodEvictionPolicy").asText("").equals("AlwaysAllow")
                || (status.path("currentHealthy").asLong() >= desired && desired > 0);
    }

    static ObjectNode take(ObjectNode budget, String pod, Instant now) {
        var status = budget.withObjectProperty("status");
        long allowed = status.path("disruptionsAllowed").asLong();
        requireSome(budget, status, allowed);
        status.put("disruptionsAllowed", allowed - 1);
        if (allowed == 1) {
            markSpent(status, now);
        }
        status.withObjectProperty("disruptedPods").put(pod, ObjectMeta.format(now));
        return budget;
    }

    private static void requireSome(ObjectNode budget, ObjectNode status, long allowed) {
        String name = ObjectMeta.name(budget);
        if (status.path("observedGeneration").asLong() < ObjectMeta.generation(budget)) {
            throw stillProcessed(name);
        }
        if (allowed < 0) {
            throw StatusException.forbidden(BUDGET, name, "pdb disruptions allowed is negative");
        }
        if (status.path("disruptedPods").size() > MAX_DISRUPTED) {
            throw StatusException.forbidden(
                    BUDGET, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) {
            throw refusal(whyNone(name, status), 0);
        }
    }

    private static String whyNone(String name, ObjectNode status) {
        String budget = "The disruption budget " + name;
        JsonNode condition = condition(status);
        String message = condition.path("message").asText("");
        String reason = condition.path("reason").asText("");
        boolean told = condition.path("status").asText("").equals("False") && !message.isEmpty();
        if (told && reason.equals("SyncFailed")) {
            // The numbers mean nothing then.
            return budget + " does not allow evicting pods currently because it failed sync: " + message;
        }
        long desired = status.path("desiredHealthy").asLong();
        long current = status.path("currentHealthy").asLong();
        if (current <= desired) {
            return budget + " needs " + desired + " healthy pods and has " + current + " currently";
        }
        return budget + " does not allow evicting pods currently" + (told ? " (" + reason + "): " + message : "");
    }

    private static JsonNode condition(ObjectNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals(ALLOWED)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    private static void markSpent(ObjectNode status, Instant now) {
        var condition = condition(status) instanceof ObjectNode present
                ? present
                : status.withArrayProperty("conditions").addObject().put("type", ALLOWED);
        if (!condition.path("status").asText("").equals("False")) {
            condition.put("status", "False").put("lastTransitionTime", ObjectMeta.format(now));
        }
        condition.put("reason", "InsufficientPods").put("message", "");
        condition.put("observedGeneration", status.path("observedGeneration").asLong());
    }

    /** 429: what the budget's status says is not of now. */
    static StatusException stillProcessed(String budget) {
        return refusal("The disruption budget " + budget + " is still being processed by the server.", RETRY_SECONDS);
    }

    private static StatusException refusal(String why, int retrySeconds) {
        return new StatusException(Status.failure(
                429,
                "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.",
                new Status.Details(
                        "", "", "", "", List.of(new Status.Cause("DisruptionBudget", why, "")), retrySeconds)));
    }
}
