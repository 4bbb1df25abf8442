package io.pilothouse.apiserver.kinds.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;

/** policy/v1 PodDisruptionBudget. */
public final class PodDisruptionBudgets {
    private PodDisruptionBudgets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("policy", "poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget")
                .version("v1", schemas)
                .shortNames("pdb")
                .conditionalUpdate()
                .names(NameRule.PATH_SEGMENT)
                .generation("spec")
                .strategy(new Rules())
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Min Available",
                                "The minimum number of pods that must be available.",
                                o -> o.path("spec").path("minAvailable").asText("N/A")),
                        Column.text(
                                "Max Unavailable",
                                "The maximum number of pods that may be unavailable.",
                                o -> o.path("spec").path("maxUnavailable").asText("N/A")),
                        Column.number(
                                "Allowed Disruptions",
                                "Calculated number of pods that may be disrupted at this time.",
                                o -> o.path("status").path("disruptionsAllowed").asLong()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return BudgetValidation.create(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return BudgetValidation.update(object, old);
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.FREE_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return BudgetValidation.status(object);
        }
    }
}
