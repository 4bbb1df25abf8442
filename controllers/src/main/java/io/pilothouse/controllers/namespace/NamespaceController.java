package io.pilothouse.controllers.namespace;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.NamespaceConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.discovery.Discovery;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Empties namespaces that are being deleted and lets them go. */
public final class NamespaceController {
    private static final String FINALIZER = "kubernetes";
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** What a look through a namespace found. */
    private static final class Remains {
        private final Map<String, Integer> objects = new TreeMap<>();
        private final Map<String, Integer> finalizers = new TreeMap<>();
        private final List<String> failures = new ArrayList<>();
    }

    private final ControllerContext context;
    private final Cache<Namespace> namespaces;

    /** Joins a context. */
    public NamespaceController(ControllerContext context, int workers) {
        this.context = context;
        this.namespaces = context.cache(Namespace.class);
        var queue = context.queue("namespace", workers, this::reconcile);
        namespaces.onAny(namespace -> {
            if (namespace.getMetadata().getDeletionTimestamp() != null) {
                queue.add(Key.of(namespace));
            }
        });
    }

    private Outcome reconcile(Key key) {
        var found = namespaces.find(key);
        if (found.isEmpty()
                || found.get().getMetadata().getDeletionTimestamp() == null
                || !found.get().getSpec().getFinalizers().contains(FINALIZER)) {
            return Outcome.done();
        }
        Namespace namespace = found.get();
        if (!"Terminating".equals(namespace.getStatus().getPhase())) {
            namespace = context.client()
                    .resource(new NamespaceBuilder(namespace)
                            .editOrNewStatus()
                            .withPhase("Terminating")
                            .endStatus()
                            .build())
                    .updateStatus();
        }
        var discovered = Discovery.read(context.client());
        var remains = new Remains();
        for (ServedKind kind : discovered.kinds()) {
            if (kind.namespaced()
                    && kind.verbs().contains("list")
                    && kind.verbs().contains("delete")) {
                empty(kind, key.name(), remains);
            }
        }
        namespace = report(namespace, discovered.failures(), remains);
        if (!discovered.failures().isEmpty() || !remains.failures.isEmpty() || !remains.objects.isEmpty()) {
            return Outcome.after(AGAIN);
        }
        finish(namespace);
        return Outcome.done();
    }

    private void empty(ServedKind kind, String namespace, Remains remains) {
        try {
            var resources =
                    context.client().genericKubernetesResources(kind.context()).inNamespace(namespace);
            var items = resources.list().getItems();
            if (items.isEmpty()) {
                return;
            }
            delete(kind, namespace, items);
            for (GenericKubernetesResource left : resources.list().getItems()) {
                remains.objects.merge(
                        kind.plural() + (kind.group().isEmpty() ? "." : "." + kind.group()), 1, Integer::sum);
                left.getMetadata()
                        .getFinalizers()
                        .forEach(finalizer -> remains.finalizers.merge(finalizer, 1, Integer::sum));
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404 && e.getCode() != 405) {
                remains.failures.add(kind.plural() + ": " + e.getMessage());
            }
        }
    }

    private void delete(ServedKind kind, String namespace, List<GenericKubernetesResource> items) {
        var options =
                new DeleteOptionsBuilder().withPropagationPolicy("Background").build();
        if (kind.verbs().contains("deletecollection")) {
            context.client().raw(kind.path(namespace), "DELETE", options);
            return;
        }
        for (GenericKubernetesResource item : items) {
            context.client().raw(kind.path(namespace) + "/" + item.getMetadata().getName(), "DELETE", options);
        }
    }

    private Namespace report(Namespace namespace, List<String> undiscovered, Remains remains) {
        var conditions = new ArrayList<NamespaceCondition>();
        conditions.add(condition(
                namespace,
                "NamespaceDeletionDiscoveryFailure",
                undiscovered.isEmpty()
                        ? Optional.empty()
                        : Optional.of("Discovery failed for some groups, " + undiscovered.size() + " failing: "
                                + String.join(", ", undiscovered)),
                "DiscoveryFailed",
                "ResourcesDiscovered",
                "All resources successfully discovered"));
        conditions.add(condition(
                namespace,
                "NamespaceDeletionGroupVersionParsingFailure",
                Optional.empty(),
                "GroupVersionParsingFailed",
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed"));
        conditions.add(condition(
                namespace,
                "NamespaceDeletionContentFailure",
                remains.failures.isEmpty()
                        ? Optional.empty()
                        : Optional.of("Failed to delete all resource types, " + remains.failures.size() + " remaining: "
                                + String.join(", ", remains.failures)),
                "ContentDeletionFailed",
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"));
        conditions.add(condition(
                namespace,
                "NamespaceContentRemaining",
                remains.objects.isEmpty()
                        ? Optional.empty()
                        : Optional.of("Some resources are remaining: "
                                + listed(remains.objects, " has ", " resource instances")),
                "SomeResourcesRemain",
                "ContentRemoved",
                "All content successfully removed"));
        conditions.add(condition(
                namespace,
                "NamespaceFinalizersRemaining",
                remains.finalizers.isEmpty()
                        ? Optional.empty()
                        : Optional.of("Some content in the namespace has finalizers remaining: "
                                + listed(remains.finalizers, " in ", " resource instances")),
                "SomeFinalizersRemain",
                "ContentHasNoFinalizers",
                "All content-preserving finalizers finished"));
        if (conditions.equals(namespace.getStatus().getConditions())) {
            return namespace;
        }
        return context.client()
                .resource(new NamespaceBuilder(namespace)
                        .editStatus()
                        .withConditions(conditions)
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private static String listed(Map<String, Integer> counts, String verb, String what) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + verb + entry.getValue() + what)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }

    private NamespaceCondition condition(
            Namespace namespace, String type, Optional<String> trouble, String bad, String good, String goodMessage) {
        var condition = new NamespaceConditionBuilder()
                .withType(type)
                .withStatus(trouble.isPresent() ? "True" : "False")
                .withReason(trouble.isPresent() ? bad : good)
                .withMessage(trouble.orElse(goodMessage));
        String since = namespace.getStatus().getConditions().stream()
                .filter(before ->
                        before.getType().equals(type) && before.getStatus().equals(condition.getStatus()))
                .map(NamespaceCondition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> context.clock()
                        .instant()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        return condition.withLastTransitionTime(since).build();
    }

    private void finish(Namespace namespace) {
        var finalized = new NamespaceBuilder(namespace)
                .editSpec()
                .removeFromFinalizers(FINALIZER)
                .endSpec()
                .build();
        context.client().raw("/api/v1/namespaces/" + namespace.getMetadata().getName() + "/finalize", "PUT", finalized);
    }
}
