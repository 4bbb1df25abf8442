package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** What must hold for a core/v1 Pod when it is made and when it changes, as a whole or through its subresources. Metadata is checked elsewhere. */
public final class PodValidation {
    private PodValidation() {}

    /** A new pod. */
    public static List<FieldError> create(ObjectNode pod) {
        var errors = new ArrayList<FieldError>();
        var field = Field.of(pod, errors);
        var spec = field.child("spec");
        whole(field, PodRules.newPod());
        if (!spec.child("ephemeralContainers").isEmpty()) {
            spec.child("ephemeralContainers").forbidden("cannot be set on create");
        }
        if (!spec.child("nodeName").isEmpty() && !spec.child("schedulingGates").isEmpty()) {
            spec.child("nodeName").forbidden("cannot be set until all schedulingGates have been cleared");
        }
        var annotations = pod.path("metadata").path("annotations");
        ProfileRules.seccompMatches(annotations, spec);
        ProfileRules.appArmorMatches(annotations, spec);
        return errors;
    }

    /** What holds for every pod, new or changed. */
    static void whole(Field pod, PodRules rules) {
        var spec = pod.child("spec");
        var annotations = pod.child("metadata", "annotations");
        PodAnnotations.check(annotations, spec, rules);
        PodSpecValidation.check(spec, name(pod.value()), isMirror(pod.value()), rules);
        ProjectedVolumes.tokensNeedAccount(spec);
        spec.child("containers").each(ContainerValidation::image);
        spec.child("initContainers").each(ContainerValidation::image);
    }

    private static String name(JsonNode pod) {
        return ObjectMeta.name((ObjectNode) pod);
    }

    /** Whether the pod shows one that a kubelet runs by itself. */
    static boolean isMirror(JsonNode pod) {
        return pod.path("metadata").path("annotations").has(PodAnnotations.MIRROR);
    }

    /** A change of a pod as a whole. */
    public static List<FieldError> update(ObjectNode pod, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var field = Field.of(pod, errors);
        var rules = PodRules.pod(old);
        whole(field, rules);
        annotations(field, old, rules);
        PodUpdateValidation.check(field.child("spec"), old.path("spec"), rules);
        return errors;
    }

    static void annotations(Field pod, JsonNode old, PodRules rules) {
        PodAnnotations.update(
                pod.child("metadata", "annotations"),
                old.path("metadata").path("annotations"),
                pod.child("spec"),
                rules);
    }

    /** A change of the containers that debug a pod. */
    public static List<FieldError> ephemeralContainers(ObjectNode pod, ObjectNode old) {
        if (isMirror(old)) {
            return onlyForOthers("static pods do not support ephemeral containers");
        }
        var errors = new ArrayList<FieldError>();
        var field = Field.of(pod, errors);
        var rules = PodRules.pod(old);
        whole(field, rules);
        annotations(field, old, rules);
        var containers = field.child("spec", "ephemeralContainers");
        for (var before : old.path("spec").path("ephemeralContainers")) {
            String name = before.path("name").asText("");
            JsonNode same = null;
            for (var container : containers.value()) {
                if (container.path("name").asText("").equals(name)) {
                    same = container;
                }
            }
            String what = "existing ephemeral containers \"" + name + "\" may not be ";
            if (same == null) {
                containers.forbidden(what + "removed\n");
            } else if (!SameValue.of(same, before)) {
                containers.forbidden(what + "changed\n" + InternalForm.diff("EphemeralContainer", before, same));
            }
        }
        return errors;
    }

    /** A mistake of the whole pod, at no field. */
    static List<FieldError> onlyForOthers(String detail) {
        return List.of(new FieldError(FieldError.Type.FORBIDDEN, "", "", detail));
    }
}
