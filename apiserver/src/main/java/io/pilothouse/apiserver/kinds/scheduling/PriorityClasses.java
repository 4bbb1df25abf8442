package io.pilothouse.apiserver.kinds.scheduling;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** scheduling.k8s.io/v1 PriorityClass. */
public final class PriorityClasses {
    private PriorityClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("scheduling.k8s.io", "priorityclasses", "priorityclass", "PriorityClass")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("pc")
                .build();
    }
}
