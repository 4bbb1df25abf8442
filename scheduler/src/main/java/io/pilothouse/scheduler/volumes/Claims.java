package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;

/**
 * The claims of a pod.
 *
 * @param bound those that have a volume
 * @param waiting those that get one where the pod will run
 */
public record Claims(List<PersistentVolumeClaim> bound, List<PersistentVolumeClaim> waiting) {
    static final Claims NONE = new Claims(List.of(), List.of());

    public Claims {
        bound = List.copyOf(bound);
        waiting = List.copyOf(waiting);
    }
}
