package io.pilothouse.controllers.daemonset;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Hashes;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Percentages;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.pods.Expectations;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Keeps a pod on every node that fits, and replaces those of an older template some at a time. */
public final class DaemonSetController {
    private final ControllerContext context;
    private final Cache<DaemonSet> sets;
    private final Cache<Node> nodes;
    private final PodControl control;
    private final Hashes hashes = new Hashes();

    /** Joins a context. */
    public DaemonSetController(ControllerContext context, int workers) {
        this.context = context;
        this.sets = context.cache(DaemonSet.class);
        this.nodes = context.cache(Node.class);
        this.control = new PodControl(
                context.client(), context.events(), context.cache(Pod.class), new Expectations(context.clock()));
        WorkQueue<Key> queue = context.queue("daemonset", workers, this::reconcile);
        sets.onAny(set -> queue.add(Key.of(set)));
        nodes.on(
                added -> requeue(queue),
                (before, after) -> {
                    if (!Objects.equals(before.getSpec(), after.getSpec())
                            || !Objects.equals(
                                    before.getMetadata().getLabels(),
                                    after.getMetadata().getLabels())) {
                        requeue(queue);
                    }
                },
                deleted -> requeue(queue));
        control.watch(
                "DaemonSet",
                queue,
                pod -> sets.inNamespace(pod.getMetadata().getNamespace()).stream()
                        .filter(set -> Selectors.matches(
                                set.getSpec().getSelector(), pod.getMetadata().getLabels()))
                        .map(Key::of)
                        .toList());
    }

    private void requeue(WorkQueue<Key> queue) {
        sets.all().forEach(set -> queue.add(Key.of(set)));
    }

    private Outcome reconcile(Key key) throws InterruptedException {
        var found = sets.find(key);
        if (found.isEmpty()) {
            control.expectations().forget(key);
            return Outcome.done();
        }
        DaemonSet set = found.get();
        if (Owners.isDeleting(set)) {
            return Outcome.done();
        }
        String hash = hashes.of(
                set.getSpec().getTemplate(),
                set.getStatus() == null ? null : set.getStatus().getCollisionCount());
        var byNode = new HashMap<String, List<Pod>>();
        for (Pod pod : control.claim(
                set,
                pod -> Selectors.matches(
                        set.getSpec().getSelector(), pod.getMetadata().getLabels()))) {
            byNode.computeIfAbsent(DaemonPods.node(pod), ignored -> new ArrayList<>())
                    .add(pod);
        }
        if (control.expectations().met(key)) {
            manage(set, hash, byNode);
        }
        if (control.expectations().met(key)
                && "RollingUpdate".equals(set.getSpec().getUpdateStrategy().getType())) {
            control.delete(set, outdated(set, hash, byNode));
        }
        var status = status(set, hash, byNode);
        if (!status.equals(set.getStatus())) {
            context.client()
                    .resource(new DaemonSetBuilder(set).withStatus(status).build())
                    .updateStatus();
        }
        boolean waiting = minReady(set) > 0 && !Objects.equals(status.getNumberReady(), status.getNumberAvailable());
        return waiting ? Outcome.after(Duration.ofSeconds(minReady(set))) : Outcome.done();
    }

    private void manage(DaemonSet set, String hash, Map<String, List<Pod>> byNode) throws InterruptedException {
        var missing = new ArrayList<Pod>();
        var doomed = new ArrayList<Pod>();
        for (Node node : nodes.all()) {
            String name = node.getMetadata().getName();
            var here = byNode.getOrDefault(name, List.of());
            var fit = DaemonPods.fit(set, node);
            var alive = here.stream()
                    .filter(PodStates::isActive)
                    .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                    .toList();
            here.stream()
                    .filter(pod -> PodStates.phase(pod).equals("Failed") && !Owners.isDeleting(pod))
                    .forEach(doomed::add);
            if (fit.run() && here.isEmpty()) {
                missing.add(DaemonPods.pod(set, name, hash));
            } else if (!fit.stay()) {
                doomed.addAll(alive);
            } else if (alive.size() > 1) {
                doomed.addAll(alive.subList(1, alive.size()));
            }
        }
        var failure = control.delete(set, doomed);
        var refused = control.create(set, missing);
        if (failure.isPresent() || refused.isPresent()) {
            throw failure.orElseGet(refused::orElseThrow);
        }
    }

    /** The pods of older templates that may go now: those that do no good, and as many good ones as may be missing. */
    private List<Pod> outdated(DaemonSet set, String hash, Map<String, List<Pod>> byNode) {
        var rolling = set.getSpec().getUpdateStrategy().getRollingUpdate();
        var running = nodes.all().stream()
                .filter(node -> DaemonPods.fit(set, node).run())
                .map(node -> node.getMetadata().getName())
                .toList();
        int spare =
                Math.max(1, Percentages.of(rolling == null ? null : rolling.getMaxUnavailable(), running.size(), true));
        var now = context.clock().instant();
        var doomed = new ArrayList<Pod>();
        var good = new ArrayList<Pod>();
        for (String node : running) {
            var alive = byNode.getOrDefault(node, List.of()).stream()
                    .filter(PodStates::isActive)
                    .findFirst();
            if (alive.isEmpty() || !PodStates.isAvailable(alive.get(), minReady(set), now)) {
                spare--;
                alive.filter(pod -> !isUpdated(pod, hash)).ifPresent(doomed::add);
            } else if (!isUpdated(alive.get(), hash)) {
                good.add(alive.get());
            }
        }
        doomed.addAll(good.subList(0, Math.min(good.size(), Math.max(0, spare))));
        return doomed;
    }

    private static boolean isUpdated(Pod pod, String hash) {
        return hash.equals(pod.getMetadata().getLabels().get(DaemonPods.HASH));
    }

    private DaemonSetStatus status(DaemonSet set, String hash, Map<String, List<Pod>> byNode) {
        var now = context.clock().instant();
        int desired = 0;
        int current = 0;
        int misplaced = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (Node node : nodes.all()) {
            var pod = byNode.getOrDefault(node.getMetadata().getName(), List.of()).stream()
                    .filter(each -> !Owners.isDeleting(each))
                    .findFirst();
            boolean run = DaemonPods.fit(set, node).run();
            desired += run ? 1 : 0;
            misplaced += !run && pod.isPresent() ? 1 : 0;
            if (run && pod.isPresent()) {
                current++;
                ready += PodStates.isReady(pod.get()) ? 1 : 0;
                available += PodStates.isAvailable(pod.get(), minReady(set), now) ? 1 : 0;
                updated += isUpdated(pod.get(), hash) ? 1 : 0;
            }
        }
        return new DaemonSetStatusBuilder(set.getStatus() == null ? new DaemonSetStatus() : set.getStatus())
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withDesiredNumberScheduled(desired)
                .withCurrentNumberScheduled(current)
                .withNumberMisscheduled(misplaced)
                .withNumberReady(ready)
                .withNumberAvailable(available == 0 ? null : Integer.valueOf(available))
                .withNumberUnavailable(desired == available ? null : Integer.valueOf(desired - available))
                .withUpdatedNumberScheduled(updated == 0 ? null : Integer.valueOf(updated))
                .build();
    }

    private static int minReady(DaemonSet set) {
        return set.getSpec().getMinReadySeconds() == null ? 0 : set.getSpec().getMinReadySeconds();
    }
}
