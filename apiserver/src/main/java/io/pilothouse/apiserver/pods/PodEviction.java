package io.pilothouse.apiserver.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.endpoint.ActionAdmission;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.kinds.pod.PodConditions;
import io.pilothouse.apiserver.registry.Preconditions;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** policy/v1 Eviction: a deletion that disruption budgets may refuse. */
final class PodEviction {
    static final GroupVersionKind KIND = new GroupVersionKind("policy", "v1", "Eviction");
    private static final GroupVersionKind OLD_KIND = new GroupVersionKind("policy", "v1beta1", "Eviction");
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final PodConditions.Condition EVICTED =
            new PodConditions.Condition("DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting");
    private static final int ATTEMPTS = 20;
    private static final int CONFLICT = 409;

    private final Registry registry;
    private final DisruptionBudgets budgets;
    private final TypeSchema schema;
    private final ActionAdmission admission;

    PodEviction(Registry registry, ResourceIndex resources, TypeSchema schema, ActionAdmission admission) {
        this.admission = admission;
        this.registry = registry;
        this.budgets = new DisruptionBudgets(registry, resources);
        this.schema = schema;
    }

    void handle(ApiRequest request, ResourceDefinition pods) throws IOException {
        var eviction = ActionSupport.read(request, List.of(KIND, OLD_KIND), schema);
        String name = request.info().name();
        if (!ObjectMeta.name(eviction).equals(name)) {
            throw StatusException.badRequest("name in URL does not match name in Eviction object");
        }
        var given = eviction.path("deleteOptions");
        if (given.path("ignoreStoreReadErrorWithClusterBreakingPotential").asBoolean()) {
            throw StatusException.invalid(
                    KIND.groupKind(),
                    name,
                    List.of(FieldError.invalid(
                            FieldPath.of("deleteOptions", "ignoreStoreReadErrorWithClusterBreakingPotential"),
                            true,
                            "can not be set for pod eviction, try after removing the option")));
        }
        boolean dryRun = dryRun(request, given);
        admission.admit(request, pods, KIND, eviction, dryRun);
        var context = new WriteContext(
                request.user(), request.info().namespace(), "eviction", dryRun, request.received(), registry);
        try {
            evict(pods, name, options(given, dryRun), context);
        } catch (SeveralBudgetsException e) {
            ActionSupport.answer(request, 201, e.status());
            return;
        }
        ActionSupport.success(request, 201);
    }

    /** The request and the options in its body may both ask for it, but not in different ways. */
    private static boolean dryRun(ApiRequest request, JsonNode given) {
        boolean asked = ActionSupport.dryRun(request);
        var inBody = new ArrayList<String>();
        given.path("dryRun").forEach(value -> inBody.add(value.asText()));
        var inQuery = request.query().all("dryRun");
        if (asked && !inBody.isEmpty() && !inBody.equals(inQuery)) {
            throw Refusals.fault("Non-matching dry-run options in request and content: [" + String.join(" ", inQuery)
                    + "] and [" + String.join(" ", inBody) + "]");
        }
        return asked || !inBody.isEmpty();
    }

    private static DeleteOptions options(JsonNode given, boolean dryRun) {
        var preconditions = given.path("preconditions");
        return new DeleteOptions(
                given.hasNonNull("gracePeriodSeconds")
                        ? Long.valueOf(given.get("gracePeriodSeconds").asLong())
                        : null,
                text(given, "propagationPolicy"),
                given.hasNonNull("orphanDependents")
                        ? Boolean.valueOf(given.get("orphanDependents").asBoolean())
                        : null,
                text(preconditions, "uid"),
                text(preconditions, "resourceVersion"),
                dryRun);
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : null;
    }

    private void evict(ResourceDefinition pods, String name, DeleteOptions options, WriteContext context) {
        for (int attempt = 1; ; attempt++) {
            var pod = registry.findNow(PODS, context.namespace(), name)
                    .orElseThrow(() -> StatusException.notFound(PODS, name));
            if (!isBeyondBudgets(pod)) {
                evictWithin(pods, pod, options, context);
                return;
            }
            // A pod that may become ready meanwhile must not slip past the budgets.
            boolean guarded = options.resourceVersion() == null && mayBecomeReady(pod);
            try {
                delete(pods, name, guarded ? at(pod, options) : options, context);
                return;
            } catch (StatusException e) {
                if (e.code() != CONFLICT || options.resourceVersion() != null || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void evictWithin(ResourceDefinition pods, ObjectNode pod, DeleteOptions options, WriteContext context) {
        Optional<String> passed = budgets.spend(pod, context);
        if (passed.isEmpty() || options.resourceVersion() != null) {
            delete(pods, ObjectMeta.name(pod), options, context);
            return;
        }
        try {
            delete(pods, ObjectMeta.name(pod), at(pod, options), context);
        } catch (StatusException e) {
            throw e.code() == CONFLICT ? DisruptionBudgets.stillProcessed(passed.get()) : e;
        }
    }

    /** A pod that does no work can always go. */
    private static boolean isBeyondBudgets(ObjectNode pod) {
        return phase(pod).equals("Pending") || !mayBecomeReady(pod);
    }

    private static boolean mayBecomeReady(ObjectNode pod) {
        return !phase(pod).equals("Succeeded") && !phase(pod).equals("Failed") && !ObjectMeta.isTerminating(pod);
    }

    private static String phase(ObjectNode pod) {
        return pod.path("status").path("phase").asText("");
    }

    private static DeleteOptions at(ObjectNode pod, DeleteOptions options) {
        return at(ObjectMeta.resourceVersion(pod), options);
    }

    private static DeleteOptions at(String revision, DeleteOptions options) {
        return new DeleteOptions(
                options.gracePeriodSeconds(),
                options.propagation(),
                options.orphanDependents(),
                options.uid(),
                revision,
                options.dryRun());
    }

    /** Deletes a pod that tells in a condition why it goes. */
    private void delete(ResourceDefinition pods, String name, DeleteOptions options, WriteContext context) {
        if (options.dryRun()) {
            registry.delete(pods, name, options, context, old -> {});
            return;
        }
        var marked = registry.update(
                pods,
                budgets.statusOf(PODS),
                name,
                live -> mark(pods, live, options, context),
                context,
                (o, old) -> {});
        boolean guarded = options.resourceVersion() != null;
        registry.delete(
                pods,
                name,
                guarded ? at(Long.toString(marked.object().revision()), options) : options,
                context,
                old -> {});
    }

    private static ObjectNode mark(
            ResourceDefinition pods, ObjectNode live, DeleteOptions options, WriteContext context) {
        Preconditions.requireDeletable(
                pods, ObjectMeta.name(live), ObjectMeta.uid(live), ObjectMeta.resourceVersion(live), options);
        PodConditions.set(live, EVICTED, context.now());
        return live;
    }
}
