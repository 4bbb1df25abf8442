package io.pilothouse.scheduler;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.scheduler.cluster.ClusterState;
import io.pilothouse.scheduler.cluster.Nominations;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.fit.Placement;
import io.pilothouse.scheduler.preemption.Candidate;
import io.pilothouse.scheduler.preemption.Eviction;
import io.pilothouse.scheduler.preemption.Preemption;
import io.pilothouse.scheduler.queue.SchedulingQueue;
import io.pilothouse.scheduler.volumes.VolumeBinder;
import io.pilothouse.scheduler.volumes.VolumePlan;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one pod after the other, finds its node and binds it. The decision is made by one thread; the bindings are written by many. */
final class SchedulingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulingLoop.class);
    private static final String NAME = "default-scheduler";

    private final ControllerContext context;
    private final Cache<Pod> pods;
    private final ClusterState state = new ClusterState();
    private final SchedulingQueue queue = new SchedulingQueue();
    private final VolumeBinder volumes;
    private final Nominations nominations = new Nominations();
    private final Placement placement;
    private final Preemption preemption;
    private final Eviction eviction;
    private final FailureReports reports;
    private final ExecutorService binders = Executors.newVirtualThreadPerTaskExecutor();

    SchedulingLoop(ControllerContext context, RandomGenerator random) {
        this.context = context;
        this.pods = context.cache(Pod.class);
        var nodes = context.cache(Node.class);
        var namespaces = context.cache(Namespace.class);
        this.volumes = new VolumeBinder(context, () -> queue.changed(pod -> true));
        this.placement = new Placement(
                volumes,
                nominations,
                name -> namespaces
                        .find("", name)
                        .map(namespace -> namespace.getMetadata().getLabels())
                        .orElse(Map.of()),
                random);
        this.preemption = new Preemption(placement, nominations, context.cache(PodDisruptionBudget.class), random);
        this.eviction = new Eviction(context, nominations, NAME);
        this.reports = new FailureReports(context, pods);
        nodes.on(this::nodeAdded, this::nodeChanged, state::gone);
        pods.on(this::podSeen, this::podChanged, this::podGone);
        context.onStart(() -> Thread.ofVirtual().name("scheduling").start(this::run));
        context.onClose(queue::close);
        context.onClose(binders::shutdownNow);
    }

    private void nodeAdded(Node node) {
        state.seen(node);
        queue.changed(pod -> true);
    }

    private void nodeChanged(Node before, Node after) {
        state.seen(after);
        // Heartbeats change nothing for a pod that waits.
        boolean matters = !Objects.equals(before.getSpec(), after.getSpec())
                || !Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())
                || before.getStatus() == null
                || after.getStatus() == null
                || !Objects.equals(
                        before.getStatus().getAllocatable(), after.getStatus().getAllocatable());
        if (matters) {
            queue.changed(pod -> true);
        }
    }

    private void podSeen(Pod pod) {
        if (PodStates.isFinished(pod)) {
            podGone(pod);
        } else if (!PodStates.node(pod).isEmpty()) {
            state.seen(pod);
            nominations.remove(pod.getMetadata().getUid());
            queue.remove(pod);
            queue.changed(waiting -> waiting.getSpec().getAffinity() != null
                    || !waiting.getSpec().getTopologySpreadConstraints().isEmpty());
        } else if (isOurs(pod)) {
            nominations.seen(pod);
            queue.add(pod);
        } else {
            nominations.remove(pod.getMetadata().getUid());
            queue.remove(pod);
        }
    }

    private void podChanged(Pod before, Pod after) {
        boolean waits = PodStates.node(after).isEmpty() && isOurs(after) && isOurs(before);
        if (waits
                && before.getSpec().equals(after.getSpec())
                && Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())) {
            nominations.changed(before, after);
            queue.refresh(after);
        } else if (!PodStates.node(before).isEmpty()
                && !PodStates.isFinished(after)
                && before.getSpec().equals(after.getSpec())
                && Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())) {
            state.seen(after);
        } else {
            podSeen(after);
        }
    }

    private void podGone(Pod pod) {
        state.gone(pod);
        nominations.remove(pod.getMetadata().getUid());
        queue.remove(pod);
        if (!PodStates.node(pod).isEmpty()) {
            queue.changed(waiting -> true);
        }
    }

    private static boolean isOurs(Pod pod) {
        String scheduler = pod.getSpec().getSchedulerName();
        return (scheduler == null || scheduler.equals(NAME))
                && pod.getSpec().getSchedulingGates().isEmpty()
                && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private void run() {
        try {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                schedule(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void schedule(Pod pod) {
        if (state.isPlaced(pod.getMetadata().getUid()) || pods.find(Key.of(pod)).isEmpty()) {
            queue.done(pod);
            return;
        }
        var info = PodInfo.of(pod);
        try {
            switch (state.read(nodes -> placement.place(info, nodes))) {
                case Placement.Result.Found(String node) -> {
                    state.assume(info, node);
                    nominations.remove(info.uid());
                    var plan = volumes.reserve(pod, node);
                    binders.execute(() -> bind(info, node, plan));
                }
                case Placement.Result.Nowhere(String message, var helpful) ->
                    makeRoom(info, message, state.read(nodes -> preemption.find(info, nodes, helpful)));
            }
        } catch (VolumeBinder.BindException e) {
            LOG.atInfo()
                    .addKeyValue("pod", Key.of(pod))
                    .addKeyValue("reason", e.getMessage())
                    .log("volumes changed meanwhile");
            state.forget(info);
            queue.failed(pod);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("pod", Key.of(pod)).setCause(e).log("cannot be placed");
            state.forget(info);
            queue.failed(pod);
        }
    }

    private void makeRoom(PodInfo info, String message, Preemption.Outcome outcome) {
        Pod pod = info.pod();
        switch (outcome) {
            case Preemption.Outcome.Room(var candidate) -> {
                nominations.put(info, candidate.node());
                binders.execute(() -> evict(info, message, candidate));
            }
            case Preemption.Outcome.Waits(String why) -> unschedulable(pod, message, why);
            case Preemption.Outcome.Unhelpful(String why) -> {
                if (nominations.nodeOf(info.uid()).isPresent()) {
                    nominations.remove(info.uid());
                    binders.execute(() -> eviction.clear(pod));
                }
                unschedulable(pod, message, why);
            }
        }
    }

    private void unschedulable(Pod pod, String message, String whyNoRoom) {
        queue.unschedulable(pod);
        String told = whyNoRoom.isEmpty() ? message : message + " preemption: " + whyNoRoom;
        binders.execute(() -> reports.tell(pod, "Unschedulable", told, ""));
    }

    /** The pod is not looked at again before all have been told to go. */
    private void evict(PodInfo info, String message, Candidate candidate) {
        Pod pod = info.pod();
        reports.tell(pod, "Unschedulable", message, candidate.node());
        try {
            eviction.run(info, candidate);
            queue.unschedulable(pod);
        } catch (KubernetesClientException e) {
            LOG.atWarn().addKeyValue("pod", Key.of(pod)).log("no room could be made: {}", PodControl.reason(e));
            queue.failed(pod);
        }
    }

    private void bind(PodInfo info, String node, VolumePlan plan) {
        Pod pod = info.pod();
        try {
            volumes.bind(pod, node, plan);
        } catch (VolumeBinder.BindException e) {
            notBound(info, node, plan, "running PreBind plugin \"VolumeBinding\": " + e.getMessage());
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        String name = pod.getMetadata().getName();
        var binding = new BindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(info.namespace())
                .withUid(info.uid())
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build();
        try {
            context.client()
                    .raw("/api/v1/namespaces/" + info.namespace() + "/pods/" + name + "/binding", "POST", binding);
            queue.done(pod);
            context.events()
                    .normal(pod, "Scheduled", "Successfully assigned " + info.namespace() + "/" + name + " to " + node);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                state.forget(info);
                volumes.release(plan);
                queue.done(pod);
                return;
            }
            notBound(info, node, plan, "running Bind plugin \"DefaultBinder\": " + PodControl.reason(e));
        }
    }

    private void notBound(PodInfo info, String node, VolumePlan plan, String why) {
        Pod pod = info.pod();
        state.forget(info);
        volumes.release(plan);
        if (pods.find(Key.of(pod)).isEmpty()) {
            queue.done(pod);
            return;
        }
        LOG.atWarn().addKeyValue("pod", Key.of(pod)).addKeyValue("node", node).log("not bound: {}", why);
        queue.failed(pod);
        reports.tell(pod, "SchedulerError", why, "");
    }
}
