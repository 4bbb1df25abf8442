package io.pilothouse.controllers.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.informers.KindWatches;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.Amounts;
import io.pilothouse.machinery.quota.PodUsage;
import io.pilothouse.machinery.quota.ScopeSelector;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Writes to quotas what they limit and what is used of it: when their limits change, when something goes or uses less, and all of them again
 * and again. What uses more is counted at admission. A quota whose limits are not in its status yet goes before the others.
 */
public final class QuotaController {
    private static final Duration UNTIL_KNOWN = Duration.ofMillis(200);

    private final ControllerContext context;
    private final Cache<ResourceQuota> quotas;
    private final Trees trees;
    private final Counters counters;
    private final WorkQueue<Key> queue;
    private final WorkQueue<Key> first;

    /**
     * Joins a context.
     *
     * @param resync how often all is counted again
     */
    public QuotaController(ControllerContext context, int workers, Duration resync) {
        this.context = context;
        this.quotas = context.cache(ResourceQuota.class);
        this.trees = new Trees(context.client().getKubernetesSerialization());
        var podUsage = new PodUsage(context.clock());
        this.counters = new Counters(context, trees, podUsage);
        this.queue = context.queue("resourcequota-primary", workers, this::reconcile);
        this.first = context.queue("resourcequota-priority", workers, this::reconcile);
        quotas.on(
                this::add,
                (before, after) -> {
                    if (!Amounts.same(hard(trees.of(before)), hard(trees.of(after)))) {
                        add(after);
                    }
                },
                deleted -> {});
        var replenishment = new Replenishment(trees, podUsage);
        watch(Pod.class, Counters.PODS, replenishment::pod);
        watch(Service.class, Counters.SERVICES, replenishment::service);
        watch(PersistentVolumeClaim.class, Counters.CLAIMS, replenishment::claim);
        watch(ResourceClaim.class, Counters.DEVICE_CLAIMS, (before, after) -> false);
        context.kinds().listen(new KindWatches.Listener() {
            @Override
            public void begun(ServedKind kind) {
                counters.of(kind).ifPresent(QuotaController.this::take);
            }

            @Override
            public void gone(ServedKind kind, ObjectMeta object) {
                counters.of(kind).ifPresent(counter -> replenish(counter, object.getNamespace()));
            }
        });
        if (resync.isPositive()) {
            context.every(
                    "resourcequota-resync", resync, () -> quotas.all().forEach(quota -> queue.add(Key.of(quota))));
        }
    }

    private <T extends HasMetadata> void watch(Class<T> type, String resource, BiPredicate<T, T> replenishes) {
        Counter counter = counters.special(resource);
        context.cache(type)
                .on(
                        added -> {},
                        (before, after) -> {
                            String namespace = after.getMetadata().getNamespace();
                            if (!quotas.inNamespace(namespace).isEmpty() && replenishes.test(before, after)) {
                                replenish(counter, namespace);
                            }
                        },
                        gone -> replenish(counter, gone.getMetadata().getNamespace()));
    }

    /** Counts again what limits anything of this kind. */
    private void replenish(Counter counter, String namespace) {
        for (ResourceQuota quota : quotas.inNamespace(namespace)) {
            var status = quota.getStatus();
            if (status != null && !counter.matching(status.getHard().keySet()).isEmpty()) {
                queue.add(Key.of(quota));
            }
        }
    }

    /** Counts what is limited of a kind that has not been counted before. */
    private void take(Counter counter) {
        for (ResourceQuota quota : quotas.all()) {
            if (!counter.matching(quota.getSpec().getHard().keySet()).isEmpty()) {
                first.add(Key.of(quota));
            }
        }
    }

    private void add(ResourceQuota quota) {
        var tree = trees.of(quota);
        var status = tree.path("status");
        boolean known = Amounts.same(hard(tree), Amounts.read(status.path("hard")))
                && hard(tree).keySet().stream().allMatch(status.path("used")::has);
        (known ? queue : first).add(Key.of(quota));
    }

    private static Map<String, Quantity> hard(JsonNode quota) {
        return Amounts.read(quota.path("spec").path("hard"));
    }

    private Outcome reconcile(Key key) {
        var found = quotas.find(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        if (!counters.areKnown()) {
            return Outcome.after(UNTIL_KNOWN);
        }
        var tree = trees.of(found.get());
        var hard = hard(tree);
        var status = tree.path("status");
        var usedBefore = Amounts.read(status.path("used"));
        var used = new TreeMap<>(usedBefore);
        boolean complete = count(key.namespace(), hard.keySet(), ScopeSelector.of(tree), used);
        used.keySet().retainAll(hard.keySet());
        if (!status.has("hard")
                || !status.has("used")
                || !Amounts.same(hard, Amounts.read(status.path("hard")))
                || !Amounts.same(used, usedBefore)) {
            write(found.get(), hard, used);
        }
        return complete ? Outcome.done() : Outcome.retry();
    }

    /**
     * Puts what is used of the named resources in place of what was.
     *
     * @return whether all objects are known; what may be incomplete stays as it was
     */
    private boolean count(
            String namespace, Collection<String> names, List<JsonNode> scopes, Map<String, Quantity> used) {
        var sums = new TreeMap<String, Quantity>();
        var unknown = new TreeSet<String>();
        for (Counter counter : counters.all()) {
            var matching = counter.matching(names);
            if (!matching.isEmpty()) {
                counter.used(namespace, matching, scopes)
                        .ifPresentOrElse(more -> Amounts.add(sums, more), () -> unknown.addAll(matching));
            }
        }
        sums.keySet().removeAll(unknown);
        used.putAll(sums);
        return unknown.isEmpty();
    }

    private void write(ResourceQuota quota, Map<String, Quantity> hard, Map<String, Quantity> used) {
        context.client()
                .resource(new ResourceQuotaBuilder(quota)
                        .withNewStatus()
                        .withHard(list(hard))
                        .withUsed(list(used))
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private static Map<String, io.fabric8.kubernetes.api.model.Quantity> list(Map<String, Quantity> amounts) {
        return amounts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> io.fabric8.kubernetes.api.model.Quantity.parse(
                                entry.getValue().toString())));
    }
}
