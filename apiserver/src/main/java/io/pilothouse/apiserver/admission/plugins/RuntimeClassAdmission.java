package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Optional;

/** RuntimeClass: a pod carries the overhead of its runtime and goes where that is. */
public final class RuntimeClassAdmission implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("node.k8s.io", "runtimeclasses");
    private static final String MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

    private final ClusterView cluster;

    public RuntimeClassAdmission(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.creates() || !request.isWhole("", "pods")) {
            return;
        }
        classOf(request, pod).ifPresent(found -> {
            var spec = pod.withObjectProperty("spec");
            overhead(request, spec, found);
            if (found.path("scheduling").isObject()) {
                scheduling(request, spec, found.path("scheduling"));
            }
        });
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.creates() || !request.isWhole("", "pods")) {
            return;
        }
        var defined = classOf(request, pod).filter(c -> c.path("overhead").isObject());
        var given = pod.path("spec").path("overhead");
        if (defined.isEmpty()) {
            if (given.isObject()) {
                throw request.forbidden(
                        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }
        } else if (!same(defined.get().path("overhead").path("podFixed"), given)) {
            throw request.forbidden(MISMATCH);
        }
    }

    private Optional<ObjectNode> classOf(AdmissionRequest request, ObjectNode pod) {
        if (!pod.path("spec").hasNonNull("runtimeClassName")) {
            return Optional.empty();
        }
        String name = pod.path("spec").get("runtimeClassName").asText();
        var found = cluster.find(CLASSES, "", name).or(() -> cluster.findNow(CLASSES, "", name));
        if (found.isEmpty()) {
            throw request.forbidden("pod rejected: RuntimeClass " + GoText.quote(name) + " not found");
        }
        return found;
    }

    private static void overhead(AdmissionRequest request, ObjectNode spec, ObjectNode found) {
        if (!found.path("overhead").isObject()) {
            return;
        }
        var fixed = found.path("overhead").path("podFixed");
        if (!spec.path("overhead").isEmpty() && !same(fixed, spec.path("overhead"))) {
            throw request.forbidden(MISMATCH);
        }
        if (fixed.isObject()) {
            spec.set("overhead", fixed.deepCopy());
        } else {
            spec.remove("overhead");
        }
    }

    private static boolean same(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        return a.properties().stream()
                .allMatch(e -> b.has(e.getKey())
                        && Quantity.parse(e.getValue().asText())
                                        .compareTo(
                                                Quantity.parse(b.get(e.getKey()).asText()))
                                == 0);
    }

    private static void scheduling(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
        for (var wanted : scheduling.path("nodeSelector").properties()) {
            var given = spec.path("nodeSelector").get(wanted.getKey());
            if (given != null && !given.equals(wanted.getValue())) {
                throw request.forbidden("conflict: runtimeClass.scheduling.nodeSelector[" + wanted.getKey() + "] = "
                        + wanted.getValue().asText() + "; pod.spec.nodeSelector[" + wanted.getKey() + "] = "
                        + given.asText());
            }
            spec.withObjectProperty("nodeSelector").set(wanted.getKey(), wanted.getValue());
        }
        if (!scheduling.path("tolerations").isEmpty()) {
            var merged = Tolerations.merge(spec.path("tolerations").deepCopy(), scheduling.path("tolerations"));
            spec.putArray("tolerations").addAll(merged);
        }
    }
}
