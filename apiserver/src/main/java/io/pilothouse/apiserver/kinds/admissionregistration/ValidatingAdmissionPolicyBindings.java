package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding. */
public final class ValidatingAdmissionPolicyBindings {
    private ValidatingAdmissionPolicyBindings() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "admissionregistration.k8s.io",
                        "validatingadmissionpolicybindings",
                        "validatingadmissionpolicybinding",
                        "ValidatingAdmissionPolicyBinding")
                .version("v1", schemas)
                .clusterScoped()
                .categories("api-extensions")
                .generation("spec")
                .conditionalUpdate()
                .strategy(new Rules())
                .columns(Policies.bindingColumns())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.with(object, "spec", spec -> {
                Policies.fillMatch(spec, "matchResources");
            });
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return BindingValidation.validating(object);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return StaticNames.warnings(object);
        }
    }
}
