package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.Taint;
import io.pilothouse.controllers.objects.Tolerations;
import io.pilothouse.scheduler.cluster.PodInfo;

/** Taints against tolerations. */
final class Taints {
    static final Taint UNSCHEDULABLE = new Taint("NoSchedule", "node.kubernetes.io/unschedulable", null, null);

    private Taints() {}

    static boolean tolerates(PodInfo pod, Taint taint) {
        return Tolerations.tolerate(pod.pod().getSpec().getTolerations(), taint);
    }

    static boolean isEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty();
    }
}
