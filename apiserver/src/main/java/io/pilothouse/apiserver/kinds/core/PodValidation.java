package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What must hold for a pod. */
final class PodValidation {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String MUTABLE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                    + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                    + " previously negative)";

    private PodValidation() {}

    static List<FieldError> pod(ObjectNode pod) {
        return spec(pod.path("spec"), SPEC);
    }

    static List<FieldError> spec(JsonNode spec, FieldPath path) {
        var errors = new ArrayList<FieldError>();
        var volumes = volumes(spec, path, errors);
        var names = new HashSet<String>();
        if (spec.path("containers").isEmpty()) {
            errors.add(FieldError.required(path.child("containers"), ""));
        }
        containers(spec.path("containers"), path.child("containers"), volumes, names, errors);
        containers(spec.path("initContainers"), path.child("initContainers"), volumes, names, errors);
        oneOf(spec, path, "restartPolicy", List.of("Always", "Never", "OnFailure"), errors);
        oneOf(spec, path, "dnsPolicy", List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"), errors);
        if (spec.hasNonNull("activeDeadlineSeconds")
                && spec.get("activeDeadlineSeconds").asLong() < 1) {
            errors.add(FieldError.invalid(
                    path.child("activeDeadlineSeconds"),
                    spec.get("activeDeadlineSeconds").asLong(),
                    "must be between 1 and 2147483647, inclusive"));
        }
        String hostname = spec.path("hostname").asText("");
        if (!hostname.isEmpty()) {
            NameRule.LABEL
                    .problems(hostname)
                    .forEach(p -> errors.add(FieldError.invalid(path.child("hostname"), hostname, p)));
        }
        return errors;
    }

    private static Set<String> volumes(JsonNode spec, FieldPath path, List<FieldError> errors) {
        var names = new HashSet<String>();
        int index = 0;
        for (var volume : spec.path("volumes")) {
            var at = path.child("volumes").index(index++);
            String name = volume.path("name").asText("");
            if (name.isEmpty()) {
                errors.add(FieldError.required(at.child("name"), ""));
            } else {
                NameRule.LABEL.problems(name).forEach(p -> errors.add(FieldError.invalid(at.child("name"), name, p)));
                if (!names.add(name)) {
                    errors.add(FieldError.duplicate(at.child("name"), name));
                }
            }
            if (volume.size() > 2) {
                errors.add(FieldError.forbidden(at, "may not specify more than 1 volume type"));
            }
        }
        return names;
    }

    private static void containers(
            JsonNode containers, FieldPath path, Set<String> volumes, Set<String> names, List<FieldError> errors) {
        int index = 0;
        for (var container : containers) {
            var at = path.index(index++);
            String name = container.path("name").asText("");
            if (name.isEmpty()) {
                errors.add(FieldError.required(at.child("name"), ""));
            } else {
                NameRule.LABEL.problems(name).forEach(p -> errors.add(FieldError.invalid(at.child("name"), name, p)));
                if (!names.add(name)) {
                    errors.add(FieldError.duplicate(at.child("name"), name));
                }
            }
            if (container.path("image").asText("").isEmpty()) {
                errors.add(FieldError.required(at.child("image"), ""));
            }
            oneOf(container, at, "imagePullPolicy", List.of("Always", "IfNotPresent", "Never"), errors);
            mounts(container, at, volumes, errors);
            ports(container, at, errors);
        }
    }

    private static void mounts(JsonNode container, FieldPath at, Set<String> volumes, List<FieldError> errors) {
        var paths = new HashSet<String>();
        int index = 0;
        for (var mount : container.path("volumeMounts")) {
            var mountAt = at.child("volumeMounts").index(index++);
            String volume = mount.path("name").asText("");
            if (volume.isEmpty()) {
                errors.add(FieldError.required(mountAt.child("name"), ""));
            } else if (!volumes.contains(volume)) {
                errors.add(FieldError.notFound(mountAt.child("name"), volume));
            }
            String where = mount.path("mountPath").asText("");
            if (where.isEmpty()) {
                errors.add(FieldError.required(mountAt.child("mountPath"), ""));
            } else if (!paths.add(where)) {
                errors.add(FieldError.invalid(mountAt.child("mountPath"), where, "must be unique"));
            }
        }
    }

    private static void ports(JsonNode container, FieldPath at, List<FieldError> errors) {
        int index = 0;
        for (var port : container.path("ports")) {
            var portAt = at.child("ports").index(index++);
            int number = port.path("containerPort").asInt(0);
            if (number == 0) {
                errors.add(FieldError.required(portAt.child("containerPort"), ""));
            } else if (number < 1 || number > 65535) {
                errors.add(FieldError.invalid(
                        portAt.child("containerPort"), number, "must be between 1 and 65535, inclusive"));
            }
            oneOf(port, portAt, "protocol", List.of("SCTP", "TCP", "UDP"), errors);
        }
    }

    private static void oneOf(
            JsonNode node, FieldPath path, String field, List<String> known, List<FieldError> errors) {
        String value = node.path(field).asText("");
        if (!value.isEmpty() && !known.contains(value)) {
            errors.add(FieldError.notSupported(path.child(field), value, known));
        }
    }

    /** After a pod was made, only little of it can change: its images, its deadline, more tolerations. */
    static List<FieldError> update(ObjectNode pod, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var now = (ObjectNode) pod.path("spec").deepCopy();
        var before = (ObjectNode) old.path("spec").deepCopy();
        for (String containers : List.of("containers", "initContainers")) {
            if (now.path(containers).size() != before.path(containers).size()) {
                errors.add(
                        FieldError.forbidden(SPEC.child(containers), "pod updates may not add or remove containers"));
                return errors;
            }
            takeImages(now.path(containers), before.path(containers));
        }
        tolerations(now, before, errors);
        for (String free : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) {
            now.remove(free);
            before.remove(free);
        }
        if (before.path("terminationGracePeriodSeconds").asLong() < 0
                && now.path("terminationGracePeriodSeconds").asLong() == 1) {
            now.set("terminationGracePeriodSeconds", before.get("terminationGracePeriodSeconds"));
        }
        if (before.path("nodeName").asText("").isEmpty()
                && !pod.path("spec").path("nodeName").asText("").isEmpty()) {
            // Only a binding says where a pod runs.
            errors.add(FieldError.forbidden(SPEC.child("nodeName"), "may not be set by an update"));
        }
        if (!Objects.equals(now, before)) {
            errors.add(FieldError.forbidden(SPEC, MUTABLE));
        }
        return errors;
    }

    private static void takeImages(JsonNode now, JsonNode before) {
        for (int i = 0; i < now.size(); i++) {
            var image = before.get(i).get("image");
            if (image != null) {
                ((ObjectNode) now.get(i)).set("image", image);
            }
        }
    }

    private static void tolerations(ObjectNode now, ObjectNode before, List<FieldError> errors) {
        if (before.get("tolerations") instanceof ArrayNode kept) {
            for (var toleration : kept) {
                boolean found = false;
                for (var candidate : now.path("tolerations")) {
                    found |= candidate.equals(toleration);
                }
                if (!found) {
                    errors.add(FieldError.forbidden(
                            SPEC.child("tolerations"),
                            "existing toleration can not be modified except its tolerationSeconds"));
                    return;
                }
            }
        }
    }
}
