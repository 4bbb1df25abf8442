package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** storage.k8s.io/v1 CSIDriver. */
public final class CSIDrivers {
    private CSIDrivers() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "csidrivers", "csidriver", "CSIDriver")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .conditionalUpdate()
                .build();
    }
}
