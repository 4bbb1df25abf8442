package io.pilothouse.controllers.quota;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.pilothouse.machinery.quota.ClaimUsage;
import io.pilothouse.machinery.quota.PodUsage;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Whether a change of an object can give something back to a quota, or use more of it without admission having counted that. */
record Replenishment(Trees trees, PodUsage podUsage) {
    private static final Set<String> COUNTED_TYPES = Set.of("NodePort", "LoadBalancer");

    boolean pod(Pod before, Pod after) {
        if (!Objects.equals(
                        before.getSpec().getActiveDeadlineSeconds(),
                        after.getSpec().getActiveDeadlineSeconds())
                || resourcesDiffer(
                        before.getStatus().getContainerStatuses(),
                        after.getStatus().getContainerStatuses())
                || resourcesDiffer(
                        before.getStatus().getInitContainerStatuses(),
                        after.getStatus().getInitContainerStatuses())) {
            return true;
        }
        return podUsage.runs(trees.of(before)) && !podUsage.runs(trees.of(after));
    }

    private static boolean resourcesDiffer(List<ContainerStatus> before, List<ContainerStatus> after) {
        return before.stream()
                .anyMatch(old -> after.stream()
                        .anyMatch(now -> now.getName().equals(old.getName())
                                && !Objects.equals(now.getResources(), old.getResources())));
    }

    boolean service(Service before, Service after) {
        return !countedType(before).equals(countedType(after));
    }

    private static String countedType(Service service) {
        String type = service.getSpec().getType();
        return type != null && COUNTED_TYPES.contains(type) ? type : "";
    }

    boolean claim(PersistentVolumeClaim before, PersistentVolumeClaim after) {
        var old = trees.of(before);
        var now = trees.of(after);
        return !ClaimUsage.allocated(old).equals(ClaimUsage.allocated(now))
                || !ClaimUsage.attributeClasses(old).equals(ClaimUsage.attributeClasses(now));
    }
}
