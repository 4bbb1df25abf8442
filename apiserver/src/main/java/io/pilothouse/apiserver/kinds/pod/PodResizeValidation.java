package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;

/** A change of what a running pod and its containers may use: cpu and memory, and nothing else. */
public final class PodResizeValidation {
    private static final List<String> RESIZED = List.of("cpu", "memory");
    private static final String ONLY_THESE = "only cpu and memory resources are mutable";

    private PodResizeValidation() {}

    public static List<FieldError> check(ObjectNode pod, ObjectNode old) {
        if (PodValidation.isMirror(old)) {
            return PodValidation.onlyForOthers("static pods cannot be resized");
        }
        if (old.path("spec").path("os").path("name").asText("").equals("windows")) {
            return PodValidation.onlyForOthers("windows pods cannot be resized");
        }
        var errors = new ArrayList<FieldError>();
        var field = Field.of(pod, errors);
        PodValidation.whole(field, PodRules.pod(old));
        var spec = field.child("spec");
        quality(spec, pod, old);
        if (!isSupported(old)) {
            spec.forbidden("Pod running on node without support for resize");
        }
        var rest = (ObjectNode) spec.value().deepCopy();
        var oldSpec = old.path("spec");
        if (hasResources(spec.value()) || hasResources(oldSpec)) {
            podResources(spec, rest, oldSpec);
        }
        if (!old.path("status").path("nodeAllocatableResourceClaimStatuses").isEmpty()) {
            spec.forbidden("pods with node allocatable resource claims cannot be resized");
        }
        if (order(spec, oldSpec)) {
            containers(spec, rest, oldSpec);
            if (errors.isEmpty() && !SameValue.of(rest, oldSpec)) {
                spec.forbidden(ONLY_THESE);
            }
        }
        return errors;
    }

    private static void quality(Field spec, ObjectNode pod, ObjectNode old) {
        String now = PodQuality.of(pod);
        String before = old.path("status").path("qosClass").asText("");
        if (!now.equals(before.isEmpty() ? PodQuality.of(old) : before)) {
            spec.invalid(
                    pod.path("status").path("qosClass").asText(""),
                    "Pod QOS Class may not change as a result of resizing");
        }
    }

    /** The first running container tells whether its kubelet knows of resources. */
    private static boolean isSupported(ObjectNode pod) {
        for (var status : pod.path("status").path("containerStatuses")) {
            if (status.path("state").has("running")) {
                return status.has("resources");
            }
        }
        return true;
    }

    private static boolean hasResources(JsonNode spec) {
        var resources = spec.path("resources");
        return !resources.path("requests").isEmpty()
                || !resources.path("limits").isEmpty();
    }

    private static void podResources(Field spec, ObjectNode rest, JsonNode oldSpec) {
        var resources = spec.child("resources");
        var old = oldSpec.path("resources");
        if (old.isObject() && !resources.present()) {
            resources.forbidden("pod-level resources cannot be removed");
            return;
        }
        removed(
                resources,
                old,
                "pod-level resource requests cannot be removed",
                "pod-level resource limits cannot be removed");
        keepOld(rest.withObjectProperty("resources"), old);
        if (!SameValue.of(rest.path("resources"), old)) {
            spec.forbidden(ONLY_THESE + " at pod-level");
        }
    }

    private static void removed(Field resources, JsonNode old, String requests, String limits) {
        if (isRemoved(resources.value().path("requests"), old.path("requests"))) {
            resources.child("requests").forbidden(requests);
        }
        if (isRemoved(resources.value().path("limits"), old.path("limits"))) {
            resources.child("limits").forbidden(limits);
        }
    }

    private static boolean isRemoved(JsonNode now, JsonNode old) {
        return old.propertyStream().anyMatch(e -> !now.has(e.getKey()));
    }

    /** Puts the old amounts of cpu and memory back, so that only what else changed is left. */
    private static void keepOld(ObjectNode resources, JsonNode old) {
        for (String list : List.of("requests", "limits")) {
            var amounts = resources.withObjectProperty(list);
            for (String name : RESIZED) {
                var before = old.path(list).get(name);
                if (before == null) {
                    amounts.remove(name);
                } else {
                    amounts.set(name, before);
                }
            }
        }
    }

    private static boolean order(Field spec, JsonNode oldSpec) {
        boolean same = true;
        for (String list : List.of("containers", "initContainers")) {
            var containers = spec.child(list);
            var old = oldSpec.path(list);
            if (containers.size() != old.size()) {
                same = containers.forbidden(list + " may not be added or removed on resize");
                continue;
            }
            var items = containers.items();
            for (int i = 0; i < items.size(); i++) {
                var name = items.get(i).child("name");
                if (!name.is(old.get(i).path("name").asText(""))) {
                    same = name.forbidden(list + " may not be renamed or reordered on resize");
                }
            }
        }
        return same;
    }

    private static void containers(Field spec, ObjectNode rest, JsonNode oldSpec) {
        for (String list : List.of("initContainers", "containers")) {
            var items = spec.child(list).items();
            for (int i = 0; i < items.size(); i++) {
                removed(
                        items.get(i).child("resources"),
                        oldSpec.path(list).get(i).path("resources"),
                        "resource requests cannot be removed",
                        "resource limits cannot be removed");
            }
        }
        for (int i = 0; i < rest.path("containers").size(); i++) {
            var old = oldSpec.path("containers").get(i);
            if (!sameBeside(rest.path("containers").get(i), old)) {
                spec.forbidden(ONLY_THESE);
            }
        }
        initContainers(spec, rest, oldSpec);
    }

    private static void initContainers(Field spec, ObjectNode rest, JsonNode oldSpec) {
        for (int i = 0; i < rest.path("initContainers").size(); i++) {
            var at = spec.child("initContainers").items().get(i);
            var old = oldSpec.path("initContainers").get(i);
            boolean changed = !SameValue.of(at.value(), old);
            if (!sameBeside(rest.path("initContainers").get(i), old)) {
                at.forbidden("only cpu and memory resources for init or sidecar containers are mutable");
            }
            if (changed && !Containers.isSidecar(at.value())) {
                at.child("resizePolicy").each(policy -> {
                    if (policy.child("restartPolicy").is("RestartContainer")) {
                        at.forbidden(
                                "non-sidecar init containers with a resize policy of RestartContainer cannot be resized");
                    }
                });
            }
        }
    }

    /** Whether a container is the same but for its cpu and memory, which are put back. Claims count for nothing, as upstream drops them here. */
    private static boolean sameBeside(JsonNode container, JsonNode old) {
        var resources = ((ObjectNode) container).withObjectProperty("resources");
        keepOld(resources, old.path("resources"));
        resources.remove("claims");
        return SameValue.of(container, old);
    }
}
