package io.pilothouse.apiserver.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.List;

/** core/v1 Binding: says where a pod runs. Done once, by the scheduler. */
final class PodBinding {
    static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "Binding");
    private static final GroupResource RESOURCE = new GroupResource("", "pods/binding");

    private final Registry registry;
    private final ClusterView cluster;
    private final TypeSchema schema;

    PodBinding(Registry registry, TypeSchema schema) {
        this.registry = registry;
        this.cluster = registry;
        this.schema = schema;
    }

    /** @param name the pod's; of the path, or of the body for the older bindings resource */
    void handle(ApiRequest request, ResourceDefinition pods, String name) throws IOException {
        var binding = ActionSupport.read(request, KIND, schema);
        String pod = name.isEmpty() ? ObjectMeta.name(binding) : name;
        var target = binding.path("target");
        String kind = target.path("kind").asText("");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            throw StatusException.internalError("invalid target kind " + kind + ": must be Node or empty");
        }
        String node = target.path("name").asText("");
        if (node.isEmpty()) {
            throw StatusException.internalError("Internal error occurred: target.name: Required value");
        }
        boolean dryRun = ActionSupport.dryRun(request);
        var context = new WriteContext(
                request.user(), request.info().namespace(), "binding", dryRun, request.received(), cluster);
        registry.update(
                pods, Bound.INSTANCE, pod, live -> bind(live, binding, node, request), context, (object, old) -> {});
        ActionSupport.success(request, 201);
    }

    private static ObjectNode bind(ObjectNode pod, ObjectNode binding, String node, ApiRequest request) {
        String name = ObjectMeta.name(pod);
        String uid = ObjectMeta.uid(binding);
        if (!uid.isEmpty() && !uid.equals(ObjectMeta.uid(pod))) {
            throw StatusException.conflict(
                    RESOURCE,
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                            + ObjectMeta.uid(pod));
        }
        if (ObjectMeta.isTerminating(pod)) {
            throw StatusException.conflict(
                    RESOURCE, name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        String present = pod.path("spec").path("nodeName").asText("");
        if (!present.isEmpty()) {
            throw StatusException.conflict(
                    RESOURCE, name, "pod " + name + " is already assigned to node \"" + present + "\"");
        }
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            throw StatusException.conflict(RESOURCE, name, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        pod.withObjectProperty("spec").put("nodeName", node);
        for (String part : new String[] {"annotations", "labels"}) {
            for (var entry : binding.path("metadata").path(part).properties()) {
                ObjectMeta.ensure(pod).withObjectProperty(part).set(entry.getKey(), entry.getValue());
            }
        }
        scheduled(pod, request);
        return pod;
    }

    private static void scheduled(ObjectNode pod, ApiRequest request) {
        var conditions = pod.withObjectProperty("status").withArrayProperty("conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals("PodScheduled")) {
                ((ObjectNode) condition)
                        .put("status", "True")
                        .put("lastTransitionTime", ObjectMeta.format(request.received()));
                ((ObjectNode) condition).remove("reason");
                ((ObjectNode) condition).remove("message");
                return;
            }
        }
        var condition = conditions.addObject().put("type", "PodScheduled").put("status", "True");
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", ObjectMeta.format(request.received()));
    }

    /** A binding writes what an update may not. */
    private enum Bound implements ViewStrategy {
        INSTANCE;

        @Override
        public void restrict(ObjectNode object, ObjectNode old) {}

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return List.of();
        }
    }
}
