package io.pilothouse.apiserver.kinds.policy;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** policy/v1 PodDisruptionBudget. */
public final class PodDisruptionBudgets {
    private PodDisruptionBudgets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("policy", "poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget")
                .version("v1", schemas)
                .shortNames("pdb")
                .conditionalUpdate()
                .generation("spec")
                .status()
                .build();
    }
}
