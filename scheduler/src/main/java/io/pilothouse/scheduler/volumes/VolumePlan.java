package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;

/**
 * What is to be done for the claims of a pod before it can run on its node.
 *
 * @param bindings volumes that are there, and which claims get them
 * @param provisions claims whose volumes are to be made for the node
 */
public record VolumePlan(List<Binding> bindings, List<PersistentVolumeClaim> provisions) {
    static final VolumePlan NOTHING = new VolumePlan(List.of(), List.of());

    /** A volume for a claim. */
    record Binding(PersistentVolume volume, PersistentVolumeClaim claim) {}

    public VolumePlan {
        bindings = List.copyOf(bindings);
        provisions = List.copyOf(provisions);
    }

    /** Whether nothing is to be done. */
    public boolean isEmpty() {
        return bindings.isEmpty() && provisions.isEmpty();
    }
}
