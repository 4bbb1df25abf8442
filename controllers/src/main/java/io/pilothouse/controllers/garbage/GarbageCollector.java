package io.pilothouse.controllers.garbage;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.KindWatches;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes what only objects own that are gone, lets owners go in the foreground once what blocks them is gone, and cuts dependents loose where an owner
 * orphans them. Watches every kind that can be deleted.
 */
public final class GarbageCollector {
    private enum Standing {
        SOLID,
        DANGLING,
        WAITING
    }

    private final ControllerContext context;
    private final OwnerGraph graph = new OwnerGraph();
    private final KindWatches kinds;
    private final WorkQueue<String> queue;

    /** Joins a context. */
    public GarbageCollector(ControllerContext context, int workers) {
        this.context = context;
        this.queue = context.queueOf("garbage-collector", workers, this::reconcile);
        this.kinds = context.kinds();
        kinds.listen(new KindWatches.Listener() {
            @Override
            public void seen(ServedKind kind, ObjectMeta object) {
                GarbageCollector.this.seen(Vertex.of(kind, object));
            }

            @Override
            public void gone(ServedKind kind, ObjectMeta object) {
                GarbageCollector.this.gone(object.getUid());
            }

            @Override
            public void ended(ServedKind kind) {
                graph.all().stream()
                        .filter(vertex -> vertex.kind().equals(kind))
                        .forEach(vertex -> GarbageCollector.this.gone(vertex.uid()));
            }
        });
    }

    private void seen(Vertex vertex) {
        boolean known = graph.find(vertex.uid())
                .filter(before -> before.owners().equals(vertex.owners()))
                .isPresent();
        graph.put(vertex);
        if (vertex.waitsForDependents() || vertex.orphansDependents()) {
            queue.add(vertex.uid());
        } else if (!vertex.owners().isEmpty() && !known) {
            queue.add(vertex.uid());
        }
        if (!known || vertex.deleting()) {
            vertex.owners()
                    .forEach(owner -> graph.find(owner.getUid())
                            .filter(Vertex::waitsForDependents)
                            .ifPresent(owning -> queue.add(owning.uid())));
        }
    }

    private void gone(String uid) {
        var dependents = graph.dependents(uid);
        var owners = graph.find(uid).map(Vertex::owners).orElse(List.of());
        graph.remove(uid);
        dependents.forEach(dependent -> queue.add(dependent.uid()));
        owners.forEach(owner -> graph.find(owner.getUid())
                .filter(Vertex::waitsForDependents)
                .ifPresent(owning -> queue.add(owning.uid())));
    }

    private Outcome reconcile(String uid) {
        var found = graph.find(uid);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Vertex vertex = found.get();
        if (vertex.orphansDependents()) {
            return orphan(vertex);
        }
        if (vertex.waitsForDependents()) {
            return foreground(vertex);
        }
        return vertex.deleting() || vertex.owners().isEmpty() ? Outcome.done() : judge(vertex);
    }

    private Outcome orphan(Vertex owner) {
        for (Vertex dependent : graph.dependents(owner.uid())) {
            drop(dependent, Set.of(owner.uid()));
        }
        finalizer(owner, Vertex.ORPHAN);
        return Outcome.done();
    }

    private Outcome foreground(Vertex owner) {
        var blocking = graph.dependents(owner.uid()).stream()
                .filter(dependent -> dependent.blocks(owner.uid()))
                .toList();
        if (blocking.isEmpty()) {
            finalizer(owner, Vertex.FOREGROUND);
            return Outcome.done();
        }
        graph.dependents(owner.uid()).stream()
                .filter(dependent -> !dependent.deleting())
                .forEach(dependent -> queue.add(dependent.uid()));
        return Outcome.done();
    }

    private Outcome judge(Vertex vertex) {
        var standings = new ArrayList<Standing>();
        var toDrop = new HashMap<String, Standing>();
        for (OwnerReference owner : vertex.owners()) {
            Standing standing = standing(vertex, owner);
            standings.add(standing);
            if (standing != Standing.SOLID) {
                toDrop.put(owner.getUid(), standing);
            }
        }
        if (standings.contains(Standing.SOLID)) {
            if (!toDrop.isEmpty()) {
                drop(vertex, toDrop.keySet());
            }
            return Outcome.done();
        }
        boolean foreground = standings.contains(Standing.WAITING)
                && !graph.dependents(vertex.uid()).isEmpty();
        String policy = vertex.finalizers().contains(Vertex.ORPHAN)
                ? "Orphan"
                : foreground || vertex.finalizers().contains(Vertex.FOREGROUND) ? "Foreground" : "Background";
        var options = new DeleteOptionsBuilder()
                .withPropagationPolicy(policy)
                .withNewPreconditions()
                .withUid(vertex.uid())
                .endPreconditions()
                .build();
        ignoringGone(() -> context.client().raw(vertex.path(), "DELETE", options));
        return Outcome.done();
    }

    private Standing standing(Vertex vertex, OwnerReference reference) {
        var owner = graph.find(reference.getUid());
        if (owner.isPresent()) {
            boolean reachable =
                    owner.get().namespace().isEmpty() || owner.get().namespace().equals(vertex.namespace());
            if (!reachable) {
                return Standing.DANGLING;
            }
            return owner.get().waitsForDependents() ? Standing.WAITING : Standing.SOLID;
        }
        // The owner may be there and not seen yet: ask.
        ServedKind kind = kind(reference)
                .orElseThrow(() -> new IllegalStateException("no kind " + reference.getApiVersion() + " "
                        + reference.getKind() + " is served, the owner of " + vertex.path()));
        if (kind.namespaced() && vertex.namespace().isEmpty()) {
            return Standing.SOLID;
        }
        var resources = context.client().genericKubernetesResources(kind.context());
        GenericKubernetesResource live = kind.namespaced()
                ? resources
                        .inNamespace(vertex.namespace())
                        .withName(reference.getName())
                        .get()
                : resources.withName(reference.getName()).get();
        return live != null && live.getMetadata().getUid().equals(reference.getUid())
                ? Standing.SOLID
                : Standing.DANGLING;
    }

    private Optional<ServedKind> kind(OwnerReference reference) {
        String version = reference.getApiVersion();
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        return kinds.kinds().stream()
                .filter(kind -> kind.group().equals(group) && kind.kind().equals(reference.getKind()))
                .findFirst();
    }

    private void drop(Vertex vertex, Set<String> owners) {
        var kept = vertex.owners().stream()
                .filter(owner -> !owners.contains(owner.getUid()))
                .toList();
        patch(vertex, Map.of("metadata", Map.of("uid", vertex.uid(), "ownerReferences", kept)));
    }

    private void finalizer(Vertex vertex, String finalizer) {
        var kept = vertex.finalizers().stream()
                .filter(each -> !each.equals(finalizer))
                .toList();
        patch(vertex, Map.of("metadata", Map.of("uid", vertex.uid(), "finalizers", kept)));
    }

    private void patch(Vertex vertex, Map<String, Object> change) {
        String patch = context.client().getKubernetesSerialization().asJson(change);
        var resources =
                context.client().genericKubernetesResources(vertex.kind().context());
        ignoringGone(() -> (vertex.namespace().isEmpty()
                        ? resources.withName(vertex.name())
                        : resources.inNamespace(vertex.namespace()).withName(vertex.name()))
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }

    private static void ignoringGone(Runnable call) {
        try {
            call.run();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404 && e.getCode() != 409) {
                throw e;
            }
        }
    }
}
