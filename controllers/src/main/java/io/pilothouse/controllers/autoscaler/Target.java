package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import java.util.Objects;

/**
 * What is scaled.
 *
 * @param specReplicas how many replicas it should have
 * @param statusReplicas how many it has
 * @param selector selects its pods, in text form
 */
record Target(String namespace, int specReplicas, int statusReplicas, String selector) {
    static Target of(Scale scale) {
        var spec = scale.getSpec();
        var status = scale.getStatus();
        return new Target(
                scale.getMetadata().getNamespace(),
                spec == null ? 0 : Objects.requireNonNullElse(spec.getReplicas(), 0),
                status == null ? 0 : Objects.requireNonNullElse(status.getReplicas(), 0),
                status == null ? "" : Objects.requireNonNullElse(status.getSelector(), ""));
    }
}
