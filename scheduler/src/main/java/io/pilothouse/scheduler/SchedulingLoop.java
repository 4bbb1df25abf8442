package io.pilothouse.scheduler;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.scheduler.cluster.ClusterState;
import io.pilothouse.scheduler.cluster.PodInfo;
import io.pilothouse.scheduler.fit.Placement;
import io.pilothouse.scheduler.queue.SchedulingQueue;
import io.pilothouse.scheduler.volumes.VolumeBinder;
import io.pilothouse.scheduler.volumes.VolumePlan;
import java.time.temporal.ChronoUnit;
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
    private final Placement placement;
    private final ExecutorService binders = Executors.newVirtualThreadPerTaskExecutor();

    SchedulingLoop(ControllerContext context, RandomGenerator random) {
        this.context = context;
        this.pods = context.cache(Pod.class);
        var nodes = context.cache(Node.class);
        var namespaces = context.cache(Namespace.class);
        this.volumes = new VolumeBinder(context, () -> queue.changed(pod -> true));
        this.placement = new Placement(
                volumes,
                name -> namespaces
                        .find("", name)
                        .map(namespace -> namespace.getMetadata().getLabels())
                        .orElse(Map.of()),
                random);
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
            queue.remove(pod);
            queue.changed(waiting -> waiting.getSpec().getAffinity() != null
                    || !waiting.getSpec().getTopologySpreadConstraints().isEmpty());
        } else if (isOurs(pod)) {
            queue.add(pod);
        } else {
            queue.remove(pod);
        }
    }

    private void podChanged(Pod before, Pod after) {
        boolean waits = PodStates.node(after).isEmpty() && isOurs(after) && isOurs(before);
        if (waits
                && before.getSpec().equals(after.getSpec())
                && Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())) {
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
                    var plan = volumes.reserve(pod, node);
                    binders.execute(() -> bind(info, node, plan));
                }
                case Placement.Result.Nowhere(String message) -> {
                    queue.unschedulable(pod);
                    binders.execute(() -> reportFailure(pod, "Unschedulable", message));
                }
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
        reportFailure(pod, "SchedulerError", why);
    }

    private void reportFailure(Pod pod, String reason, String message) {
        context.events().warning(pod, "FailedScheduling", message);
        var present = PodStates.condition(pods.find(Key.of(pod)).orElse(pod), "PodScheduled");
        if (present.filter(condition -> reason.equals(condition.getReason()) && message.equals(condition.getMessage()))
                .isPresent()) {
            return;
        }
        PodCondition condition = new PodConditionBuilder()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(present.filter(before -> "False".equals(before.getStatus()))
                        .map(PodCondition::getLastTransitionTime)
                        .orElseGet(() -> context.clock()
                                .instant()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()))
                .build();
        String patch = context.client()
                .getKubernetesSerialization()
                .asJson(new PodBuilder()
                        .withNewStatus()
                        .withConditions(condition)
                        .endStatus()
                        .build());
        try {
            Patches.strategic(
                    context.client(),
                    Patches.path(
                                    pod.getMetadata().getNamespace(),
                                    "pods",
                                    pod.getMetadata().getName()) + "/status",
                    patch);
        } catch (KubernetesClientException e) {
            LOG.atDebug().addKeyValue("pod", Key.of(pod)).log("condition not written: {}", e.getMessage());
        }
    }
}
