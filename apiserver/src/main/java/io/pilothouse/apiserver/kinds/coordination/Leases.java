package io.pilothouse.apiserver.kinds.coordination;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** coordination.k8s.io/v1 Lease. */
public final class Leases {
    private Leases() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("coordination.k8s.io", "leases", "lease", "Lease")
                .version("v1", schemas)
                .createOnUpdate()
                .conditionalUpdate()
                .build();
    }
}
