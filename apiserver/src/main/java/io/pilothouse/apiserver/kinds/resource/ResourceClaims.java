package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** resource.k8s.io/v1 ResourceClaim. */
public final class ResourceClaims {
    private ResourceClaims() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("resource.k8s.io", "resourceclaims", "resourceclaim", "ResourceClaim")
                .version("v1", schemas)
                .returnsDeletedObject()
                .strategy(new Rules())
                .resetFields("status", "metadata", "spec")
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "State",
                                "A summary of the current state (allocated, pending, reserved, etc.).",
                                ResourceClaims::state),
                        TableWriter.age())
                .build();
    }

    private static String state(ObjectNode claim) {
        var states = new ArrayList<String>();
        boolean terminating = ObjectMeta.isTerminating(claim);
        if (terminating) {
            states.add("deleted");
        }
        var status = claim.path("status");
        if (status.has("allocation")) {
            states.add("allocated");
            if (!status.path("reservedFor").isEmpty()) {
                states.add("reserved");
            }
        } else if (!terminating) {
            states.add("pending");
        }
        return String.join(",", states);
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            ClaimDefaults.fill(object.withObjectProperty("spec"));
            Trees.with(
                    object,
                    "status",
                    status -> Trees.with(
                            status,
                            "allocation",
                            allocation -> Trees.with(
                                    allocation,
                                    "devices",
                                    devices -> Trees.each(devices, "results", ClaimDefaults::tolerations))));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<>(AdminAccess.ofRequests(object.path("spec"), context));
            ClaimValidation.check(Field.of(object, errors).child("spec"));
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            InternalForm.immutable("ResourceClaimSpec", Field.of(object, errors).child("spec"), old.path("spec"));
            return errors;
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.KEEPS_METADATA.restrict(object, old);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            AllocatedDevices.dropReturned(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(AdminAccess.ofResults(object.path("status"), old.path("status"), context));
            errors.addAll(ClaimStatusValidation.check(object, old));
            return errors;
        }
    }
}
