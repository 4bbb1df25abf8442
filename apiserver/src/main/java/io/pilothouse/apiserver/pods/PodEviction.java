package io.pilothouse.apiserver.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.List;

/** policy/v1 Eviction: a deletion that disruption budgets may refuse. */
final class PodEviction {
    static final GroupVersionKind KIND = new GroupVersionKind("policy", "v1", "Eviction");
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource BUDGETS = new GroupResource("policy", "poddisruptionbudgets");
    private static final int RETRY_SECONDS = 10;

    private final Registry registry;
    private final ResourceIndex resources;
    private final TypeSchema schema;

    PodEviction(Registry registry, ResourceIndex resources, TypeSchema schema) {
        this.registry = registry;
        this.resources = resources;
        this.schema = schema;
    }

    void handle(ApiRequest request, ResourceDefinition pods) throws IOException {
        var eviction = ActionSupport.read(request, KIND, schema);
        String name = request.info().name();
        if (!ObjectMeta.name(eviction).isEmpty() && !ObjectMeta.name(eviction).equals(name)) {
            throw StatusException.badRequest("name in URL does not match name in Eviction object");
        }
        var given = eviction.path("deleteOptions");
        boolean dryRun = ActionSupport.dryRun(request) || !given.path("dryRun").isEmpty();
        var pod = registry.findNow(PODS, request.info().namespace(), name)
                .orElseThrow(() -> StatusException.notFound(PODS, name));
        var context = new WriteContext(
                request.user(), request.info().namespace(), "eviction", dryRun, request.received(), registry);
        if (!isBeyondBudgets(pod)) {
            requireBudget(pod, context);
        }
        var preconditions = given.path("preconditions");
        var options = new DeleteOptions(
                given.hasNonNull("gracePeriodSeconds")
                        ? Long.valueOf(given.get("gracePeriodSeconds").asLong())
                        : null,
                null,
                null,
                preconditions.hasNonNull("uid") ? preconditions.get("uid").asText() : null,
                preconditions.hasNonNull("resourceVersion")
                        ? preconditions.get("resourceVersion").asText()
                        : null,
                dryRun);
        registry.delete(pods, name, options, context, old -> {});
        ActionSupport.success(request, 201);
    }

    /** A pod that does no work can always go. */
    private static boolean isBeyondBudgets(ObjectNode pod) {
        return switch (pod.path("status").path("phase").asText("")) {
            case "Succeeded", "Failed", "Pending" -> true;
            default -> ObjectMeta.isTerminating(pod);
        };
    }

    private void requireBudget(ObjectNode pod, WriteContext context) {
        var budgets = registry.list(BUDGETS, context.namespace()).stream()
                .filter(b ->
                        LabelSelector.fromNode(b.path("spec").path("selector")).matches(ObjectMeta.labels(pod)))
                .toList();
        if (budgets.size() > 1) {
            throw StatusException.internalError(
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        if (budgets.isEmpty()) {
            return;
        }
        var budget = budgets.getFirst();
        if (!isReady(pod) && toleratesUnready(budget)) {
            return;
        }
        var definition = resources.find(BUDGETS).orElseThrow();
        var view = (Subresource.View) definition.subresource("status").orElseThrow();
        registry.update(
                definition,
                view.strategy(),
                ObjectMeta.name(budget),
                live -> spend(live, pod, context),
                context,
                (object, old) -> {});
    }

    private static boolean toleratesUnready(ObjectNode budget) {
        return budget.path("spec")
                        .path("unhealthyPodEvictionPolicy")
                        .asText("IfHealthyBudget")
                        .equals("AlwaysAllow")
                || (budget.path("status").path("currentHealthy").asLong()
                                >= budget.path("status").path("desiredHealthy").asLong()
                        && budget.path("status").path("desiredHealthy").asLong() > 0);
    }

    private static boolean isReady(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static ObjectNode spend(ObjectNode budget, ObjectNode pod, WriteContext context) {
        var status = budget.withObjectProperty("status");
        long allowed = status.path("disruptionsAllowed").asLong();
        if (status.path("observedGeneration").asLong() < ObjectMeta.generation(budget) || allowed <= 0) {
            String name = ObjectMeta.name(budget);
            throw new StatusException(Status.failure(
                    429,
                    "TooManyRequests",
                    "Cannot evict pod as it would violate the pod's disruption budget.",
                    new Status.Details(
                            "",
                            "",
                            "",
                            "",
                            List.of(new Status.Cause(
                                    "DisruptionBudget",
                                    "The disruption budget " + name + " needs "
                                            + status.path("desiredHealthy").asLong() + " healthy pods and has "
                                            + status.path("currentHealthy").asLong() + " currently",
                                    "")),
                            RETRY_SECONDS)));
        }
        status.put("disruptionsAllowed", allowed - 1);
        status.withObjectProperty("disruptedPods").put(ObjectMeta.name(pod), ObjectMeta.format(context.now()));
        return budget;
    }
}
