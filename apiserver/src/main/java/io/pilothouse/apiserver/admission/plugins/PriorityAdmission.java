package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Priority: a pod's priority is the number of its class, or of the default class, or 0. */
public final class PriorityAdmission implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("scheduling.k8s.io", "priorityclasses");

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
        if (pod == null || !request.isWhole("", "pods")) {
            return;
        }
        var old = request.old();
        if (request.creates()) {
            prioritize(request, pod.withObjectProperty("spec"));
        } else if (request.updates() && old != null) {
            keep(pod.withObjectProperty("spec"), old);
        }
    }

    /** What an update leaves out stays. */
    private static void keep(ObjectNode spec, ObjectNode old) {
        for (String field : List.of("priority", "preemptionPolicy")) {
            if (!spec.hasNonNull(field) && old.path("spec").hasNonNull(field)) {
                spec.set(field, old.path("spec").get(field));
            }
        }
    }

    private void prioritize(AdmissionRequest request, ObjectNode spec) {
        String wanted = spec.path("priorityClassName").asText("");
        Optional<ObjectNode> found = wanted.isEmpty()
                ? byDefault()
                : cluster.look(CLASSES, "", wanted).or(() -> cluster.findNow(CLASSES, "", wanted));
        if (found.isEmpty() && !wanted.isEmpty()) {
            throw request.forbidden("no PriorityClass with name " + wanted + " was found");
        }
        if (wanted.isEmpty()) {
            found.ifPresent(p -> spec.put("priorityClassName", ObjectMeta.name(p)));
        }
        int value = found.map(p -> p.path("value").asInt()).orElse(0);
        if (spec.hasNonNull("priority") && spec.get("priority").asInt() != value) {
            throw request.forbidden("the integer value of priority ("
                    + spec.get("priority").asInt()
                    + ") must not be provided in pod spec; priority admission controller computed " + value
                    + " from the given PriorityClass name");
        }
        spec.put("priority", value);
        String policy = found.isEmpty()
                ? "PreemptLowerPriority"
                : found.get().path("preemptionPolicy").asText("");
        if (policy.isEmpty()) {
            return;
        }
        String given = spec.path("preemptionPolicy").asText("");
        if (!given.isEmpty() && !given.equals(policy)) {
            throw request.forbidden("the string value of PreemptionPolicy (" + given
                    + ") must not be provided in pod spec; priority admission controller computed " + policy
                    + " from the given PriorityClass name");
        }
        spec.put("preemptionPolicy", policy);
    }

    private Optional<ObjectNode> byDefault() {
        return cluster.lookAll(CLASSES, "").stream()
                .filter(p -> p.path("globalDefault").asBoolean())
                .min(Comparator.comparingInt(p -> p.path("value").asInt()));
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        if (object == null
                || !request.isWhole("scheduling.k8s.io", "priorityclasses")
                || !(request.creates() || request.updates())
                || !object.path("globalDefault").asBoolean()) {
            return;
        }
        byDefault()
                .map(ObjectMeta::name)
                .filter(name -> request.creates() || !name.equals(ObjectMeta.name(object)))
                .ifPresent(name -> {
                    throw request.forbidden(
                            "PriorityClass " + name + " is already marked as default. Only one default can exist");
                });
    }
}
