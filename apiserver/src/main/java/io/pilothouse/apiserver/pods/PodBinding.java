package io.pilothouse.apiserver.pods;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.endpoint.ActionAdmission;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.kinds.pod.PodConditions;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** core/v1 Binding: says where a pod runs. Done once, by the scheduler. */
final class PodBinding {
    static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "Binding");
    private static final GroupResource RESOURCE = new GroupResource("", "pods/binding");
    private static final GroupResource PODS = new GroupResource("", "pods");

    private final Registry registry;
    private final ClusterView cluster;
    private final TypeSchema schema;
    private final ActionAdmission admission;

    PodBinding(Registry registry, TypeSchema schema, ActionAdmission admission) {
        this.admission = admission;
        this.registry = registry;
        this.cluster = registry;
        this.schema = schema;
    }

    /**
     * Answers a POST.
     *
     * @param asked the resource of the path: pods, or the older bindings
     * @param name the pod's; of the path, or of the body for the older bindings resource
     */
    void handle(ApiRequest request, ResourceDefinition asked, ResourceDefinition pods, String name) throws IOException {
        var binding = ActionSupport.read(request, KIND, schema);
        if (!name.isEmpty() && !name.equals(ObjectMeta.name(binding))) {
            throw StatusException.badRequest("name in URL does not match name in Binding object");
        }
        boolean dryRun = ActionSupport.dryRun(request);
        admission.admit(request, asked, KIND, binding, dryRun);
        requireTarget(binding);
        var context = new WriteContext(
                request.user(), request.info().namespace(), "binding", dryRun, request.received(), cluster);
        String key = pods.key(context.namespace(), ObjectMeta.name(binding));
        registry.update(
                pods,
                Bound.INSTANCE,
                ObjectMeta.name(binding),
                live -> bind(live, binding, key, request),
                context,
                (object, old) -> {});
        ActionSupport.success(request, 201);
    }

    /** Upstream tells what is wrong with a binding as a failure of its own, with no reason. */
    private static void requireTarget(ObjectNode binding) {
        var errors = new ArrayList<FieldError>();
        var target = Field.of(binding, errors).child("target");
        var kind = target.child("kind");
        if (!kind.isEmpty() && !kind.is("Node")) {
            kind.notSupported(List.of("Node", "<empty>"));
        }
        if (target.child("name").isEmpty()) {
            target.child("name").required("");
        }
        if (!errors.isEmpty()) {
            throw Refusals.fault(FieldError.aggregate(errors));
        }
    }

    private static ObjectNode bind(ObjectNode pod, ObjectNode binding, String key, ApiRequest request) {
        String name = ObjectMeta.name(pod);
        requireSame(key, name, "UID", ObjectMeta.uid(binding), ObjectMeta.uid(pod));
        requireSame(key, name, "ResourceVersion", ObjectMeta.resourceVersion(binding), ObjectMeta.resourceVersion(pod));
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
        pod.withObjectProperty("spec")
                .put("nodeName", binding.path("target").path("name").asText());
        pod.withObjectProperty("status").remove("nominatedNodeName");
        for (String part : new String[] {"annotations", "labels"}) {
            for (var entry : binding.path("metadata").path(part).properties()) {
                ObjectMeta.ensure(pod).withObjectProperty(part).set(entry.getKey(), entry.getValue());
            }
        }
        PodConditions.set(pod, new PodConditions.Condition("PodScheduled", "True", "", ""), request.received());
        return pod;
    }

    private static void requireSame(String key, String name, String what, String wanted, String present) {
        if (!wanted.isEmpty() && !wanted.equals(present)) {
            throw StatusException.conflict(
                    PODS,
                    name,
                    "StorageError: invalid object, Code: 4, Key: " + key
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: " + what
                            + " in precondition: " + wanted + ", " + what + " in object meta: " + present);
        }
    }

    /** A binding writes what an update may not. */
    private enum Bound implements ViewStrategy {
        INSTANCE;

        @Override
        public void restrict(ObjectNode object, ObjectNode old) {}

        @Override
        public boolean countsGenerations() {
            return false;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return List.of();
        }
    }
}
