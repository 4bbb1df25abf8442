package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** admissionregistration.k8s.io/v1 MutatingAdmissionPolicy. */
public final class MutatingAdmissionPolicies {
    private MutatingAdmissionPolicies() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "admissionregistration.k8s.io",
                        "mutatingadmissionpolicies",
                        "mutatingadmissionpolicy",
                        "MutatingAdmissionPolicy")
                .version("v1", schemas)
                .clusterScoped()
                .categories("api-extensions")
                .generation("spec")
                .conditionalUpdate()
                .strategy(new Rules())
                .storedKind(new GroupVersionKind("admissionregistration.k8s.io", "v1beta1", "MutatingAdmissionPolicy"))
                .columns(Policies.columns(Column.number(
                        "Mutations",
                        "Mutation indicates the number of mutations rules defined in this configuration",
                        o -> (long) o.path("spec").path("mutations").size())))
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            Trees.fillAbsent(spec, "failurePolicy", "Fail");
            Policies.fillMatch(spec, "matchConstraints");
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return PolicyValidation.mutating(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PolicyValidation.mutating(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return StaticNames.warnings(object);
        }
    }
}
