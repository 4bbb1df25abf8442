package io.pilothouse.apiserver.kinds.discovery;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** discovery.k8s.io/v1 EndpointSlice. */
public final class EndpointSlices {
    private EndpointSlices() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("discovery.k8s.io", "endpointslices", "endpointslice", "EndpointSlice")
                .version("v1", schemas)
                .build();
    }
}
