package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** storage.k8s.io/v1 CSINode. */
public final class CSINodes {
    private CSINodes() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "csinodes", "csinode", "CSINode")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .conditionalUpdate()
                .build();
    }
}
