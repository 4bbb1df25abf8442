package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Refuses privileged containers, in pods and in templates of pods, where the server runs without {@code --allow-privileged}. */
public final class PrivilegedPods implements AdmissionPlugin {
    private static final FieldPath TEMPLATE = FieldPath.of("spec", "template", "spec");
    private static final Map<String, FieldPath> SPECS = Map.of(
            "Pod",
            FieldPath.of("spec"),
            "PodTemplate",
            FieldPath.of("template", "spec"),
            "ReplicationController",
            TEMPLATE,
            "ReplicaSet",
            TEMPLATE,
            "Deployment",
            TEMPLATE,
            "DaemonSet",
            TEMPLATE,
            "StatefulSet",
            TEMPLATE,
            "Job",
            TEMPLATE,
            "CronJob",
            FieldPath.of("spec", "jobTemplate", "spec", "template", "spec"));

    private static final List<String> GROUPS = List.of("", "apps", "batch");

    @Override
    public String name() {
        return "PrivilegedPods";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        String kind = request.definition().kind();
        var path = SPECS.get(kind);
        if (object == null
                || path == null
                || !GROUPS.contains(request.definition().groupResource().group())) {
            return;
        }
        var errors = errors(object, path);
        if (!errors.isEmpty()) {
            throw StatusException.invalid(
                    new GroupKind(request.definition().groupResource().group(), kind), ObjectMeta.name(object), errors);
        }
    }

    static List<FieldError> errors(ObjectNode object, FieldPath path) {
        JsonNode spec = object;
        for (String step : path.toString().split("\\.", -1)) {
            spec = spec.path(step);
        }
        var errors = new ArrayList<FieldError>();
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            int index = 0;
            for (var container : spec.path(list)) {
                var at = path.child(list).index(index++);
                if (container.path("securityContext").path("privileged").asBoolean()) {
                    errors.add(FieldError.forbidden(
                            at.child("securityContext").child("privileged"), "disallowed by cluster policy"));
                }
            }
        }
        return errors;
    }
}
