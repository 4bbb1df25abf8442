package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy. */
public final class ValidatingAdmissionPolicies {
    private ValidatingAdmissionPolicies() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "admissionregistration.k8s.io",
                        "validatingadmissionpolicies",
                        "validatingadmissionpolicy",
                        "ValidatingAdmissionPolicy")
                .version("v1", schemas)
                .clusterScoped()
                .categories("api-extensions")
                .generation("spec")
                .conditionalUpdate()
                .strategy(new Rules())
                .resetFields("status", "metadata", "spec")
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(Policies.columns(Column.number(
                        "Validations",
                        "Validations indicates the number of validation rules defined in this configuration",
                        o -> (long) o.path("spec").path("validations").size())))
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
            return PolicyValidation.validating(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PolicyValidation.validating(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return StaticNames.warnings(object);
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.KEEPS_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PolicyStatusValidation.check(object);
        }
    }
}
