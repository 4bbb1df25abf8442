package io.pilothouse.controllers.daemonset;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.pilothouse.controllers.objects.NodeSelectors;
import io.pilothouse.controllers.objects.Tolerations;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.pods.PodStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pod of a daemon set for a node, and which nodes should have one. */
final class DaemonPods {
    static final String HASH = "controller-revision-hash";
    private static final String NAME = "metadata.name";

    private DaemonPods() {}

    /** Whether a node should have a pod, and whether one that is there may stay. */
    record Fit(boolean run, boolean stay) {}

    static Fit fit(DaemonSet set, Node node) {
        PodSpec spec = set.getSpec().getTemplate().getSpec();
        Map<String, String> labels = node.getMetadata().getLabels() == null
                ? Map.of()
                : node.getMetadata().getLabels();
        if (!NodeSelectors.allow(spec, node.getMetadata().getName(), labels)) {
            return new Fit(false, false);
        }
        var tolerations = tolerations(spec);
        var refused = node.getSpec().getTaints().stream()
                .filter(taint ->
                        !"PreferNoSchedule".equals(taint.getEffect()) && !Tolerations.tolerate(tolerations, taint))
                .toList();
        return new Fit(refused.isEmpty(), refused.stream().noneMatch(taint -> "NoExecute".equals(taint.getEffect())));
    }

    private static List<Toleration> tolerations(PodSpec spec) {
        var all = new ArrayList<>(spec.getTolerations());
        add(all, "not-ready", "NoExecute");
        add(all, "unreachable", "NoExecute");
        add(all, "disk-pressure", "NoSchedule");
        add(all, "memory-pressure", "NoSchedule");
        add(all, "pid-pressure", "NoSchedule");
        add(all, "unschedulable", "NoSchedule");
        if (Boolean.TRUE.equals(spec.getHostNetwork())) {
            add(all, "network-unavailable", "NoSchedule");
        }
        return all;
    }

    private static void add(List<Toleration> all, String state, String effect) {
        all.add(new TolerationBuilder()
                .withKey("node.kubernetes.io/" + state)
                .withOperator("Exists")
                .withEffect(effect)
                .build());
    }

    /** The pod for one node: bound to it by affinity, so that the scheduler decides last. */
    static Pod pod(DaemonSet set, String node, String hash) {
        Pod pod = PodControl.of(set.getSpec().getTemplate(), set);
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(HASH, hash)
                .endMetadata()
                .editSpec()
                .withTolerations(tolerations(pod.getSpec()))
                .withAffinity(affinity(pod.getSpec(), node))
                .endSpec()
                .build();
    }

    private static Affinity affinity(PodSpec spec, String node) {
        var affinity = spec.getAffinity() == null ? new AffinityBuilder() : new AffinityBuilder(spec.getAffinity());
        return affinity.editOrNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addNewMatchField()
                .withKey(NAME)
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .build();
    }

    /** The node of a pod: its own, or before it is bound the one it was made for. */
    static String node(Pod pod) {
        if (!PodStates.node(pod).isEmpty()
                || pod.getSpec().getAffinity() == null
                || pod.getSpec().getAffinity().getNodeAffinity() == null) {
            return PodStates.node(pod);
        }
        var required =
                pod.getSpec().getAffinity().getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        List<NodeSelectorTerm> terms = required == null ? List.of() : required.getNodeSelectorTerms();
        return terms.stream()
                .flatMap(term -> term.getMatchFields().stream())
                .filter(field -> field.getKey().equals(NAME))
                .map(field -> field.getValues().getFirst())
                .findFirst()
                .orElse("");
    }
}
