package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.Trees;
import java.util.List;

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
                .subresource(
                        new Subresource.View("status", List.of("get", "patch", "update"), StatusView.KEEPS_METADATA))
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
    }
}
