package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.Optional;

/** Priority: a pod's priority is the number of its class, or of the default class, or 0. */
public final class PriorityAdmission implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("scheduling.k8s.io", "priorityclasses");
    private static final GroupResource PODS = new GroupResource("", "pods");

    private final ClusterView cluster;

    public PriorityAdmission(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null
                || !request.operation().equals("CREATE")
                || !request.is("", "pods")
                || !request.subresource().isEmpty()) {
            return;
        }
        var spec = pod.withObjectProperty("spec");
        String wanted = spec.path("priorityClassName").asText("");
        Optional<ObjectNode> priority = wanted.isEmpty() ? byDefault() : cluster.findNow(CLASSES, "", wanted);
        if (priority.isEmpty() && !wanted.isEmpty()) {
            throw StatusException.forbidden(
                    PODS, ObjectMeta.name(pod), "no PriorityClass with name " + wanted + " was found");
        }
        int value = priority.map(p -> p.path("value").asInt()).orElse(0);
        if (spec.hasNonNull("priority") && spec.get("priority").asInt() != value) {
            throw StatusException.forbidden(
                    PODS,
                    ObjectMeta.name(pod),
                    "the integer value of priority (" + spec.get("priority").asInt()
                            + ") must not be provided in pod spec; priority admission controller computed " + value
                            + " from the given PriorityClass name");
        }
        spec.put("priority", value);
        String policy = priority.map(p -> p.path("preemptionPolicy").asText(""))
                .filter(p -> !p.isEmpty())
                .orElse("PreemptLowerPriority");
        if (!spec.hasNonNull("preemptionPolicy")) {
            spec.put("preemptionPolicy", policy);
        }
        if (wanted.isEmpty()) {
            priority.ifPresent(p -> spec.put("priorityClassName", ObjectMeta.name(p)));
        }
    }

    private Optional<ObjectNode> byDefault() {
        return cluster.list(CLASSES, "").stream()
                .filter(p -> p.path("globalDefault").asBoolean())
                .min((a, b) ->
                        Integer.compare(a.path("value").asInt(), b.path("value").asInt()));
    }
}
