package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** AlwaysPullImages: a node pulls every image anew, so that credentials are checked for each pod. */
public final class AlwaysPullImages implements AdmissionPlugin {
    private static final String ALWAYS = "Always";
    private static final FieldPath SPEC = FieldPath.of("spec");

    @Override
    public String name() {
        return "AlwaysPullImages";
    }

    private static boolean concerns(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.isWhole("", "pods")) {
            return false;
        }
        var old = request.old();
        return request.creates()
                || (request.updates() && (old == null || !images(old).containsAll(images(pod))));
    }

    private static Set<String> images(ObjectNode pod) {
        Set<String> out = new HashSet<>();
        Containers.each(
                pod.path("spec"), SPEC, (c, path) -> out.add(c.path("image").asText("")));
        return out;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !concerns(request)) {
            return;
        }
        Containers.each(pod.path("spec"), SPEC, (container, path) -> container.put("imagePullPolicy", ALWAYS));
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.get("image") instanceof ObjectNode image) {
                image.put("pullPolicy", ALWAYS);
            }
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !concerns(request)) {
            return;
        }
        List<FieldError> errors = new ArrayList<>();
        Containers.each(
                pod.path("spec"),
                SPEC,
                (container, path) -> require(container.path("imagePullPolicy"), path.child("imagePullPolicy"), errors));
        int index = 0;
        for (var volume : pod.path("spec").path("volumes")) {
            var at = SPEC.child("volumes").index(index++).child("image").child("pullPolicy");
            if (volume.path("image").isObject()) {
                require(volume.path("image").path("pullPolicy"), at, errors);
            }
        }
        if (!errors.isEmpty()) {
            throw refusal(request, errors);
        }
    }

    private static void require(JsonNode policy, FieldPath path, List<FieldError> errors) {
        if (!policy.asText("").equals(ALWAYS)) {
            errors.add(FieldError.notSupported(path, policy.asText(""), List.of(ALWAYS)));
        }
    }

    /** Several mistakes are one error without a status of its own upstream, and so a fault of the server. */
    private static StatusException refusal(AdmissionRequest request, List<FieldError> errors) {
        if (errors.size() == 1) {
            return request.forbidden(errors.getFirst().message());
        }
        var messages = new LinkedHashSet<String>();
        errors.forEach(
                e -> messages.add(String.valueOf(request.forbidden(e.message()).getMessage())));
        return StatusException.of(500, "", "[" + String.join(", ", messages) + "]");
    }
}
